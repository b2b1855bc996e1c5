/** While a device takes a home over, in person at its hub. */
import type { Table } from '../words.ts';

const en = {
  title: 'Take over this home',
  text: 'You scanned the code that the hub of this home shows. When you hold the button, this device becomes the first key of the home, and its only one.',
  ends: 'The installer’s access ends, and devices that belonged to the home are out. Do it at the hub, with the installer’s screen in sight.',
  leaves: 'This device belongs to another home now, and leaves it.',
  take: 'Take over',
  notNow: 'Not now',
  claiming: 'The hub and this device prove the code to each other …',
  taken: 'The home is yours',
  takenText:
    'The hub has proved that it is the one of the code, and this device is its only key. Print a recovery code now: without one, a lost device means a new hand-over at the hub.',
  print: 'Make the recovery code',
  later: 'Later',
  refused: 'The home was not taken over',
  closed:
    'No hand-over is open at the hub: its ten minutes are over, the code was used, or it was ended. Have the installer start it again, and scan the new code.',
  swapped:
    'The proof does not fit: it was another code, or somebody between this device and the hub changed a key. Have the installer start the hand-over again at once, and scan the new code. That drops whatever was pinned.',
  cut: 'The code is not complete. Scan it again, or type all of the text below it.',
  hubAway:
    'The hub does not answer. See that it has power and network, then hold again: the code counts for ten minutes.',
  silent:
    'The service cannot be reached. See that this device has a network, then hold again. If the code was used by then, have the installer start again.',
  unknown: 'The service does not know this hub. Ask the installer where the hub was enrolled.',
  other: 'It did not work. Try again; if it stays so, have the installer start the hand-over again.',
  standing: 'I stand at the hub with the installer',
  field: 'The text below the QR code',
  service: 'Address of the service',
  whichService: 'The text does not say where the service is. The installer knows: the hub was enrolled there.',
  next: 'Go on',
};

export const handoverWords = {
  en,
  de: {
    title: 'Dieses Zuhause übernehmen',
    text: 'Du hast den Code gescannt, den die Zentrale dieses Zuhauses zeigt. Wenn du die Taste hältst, wird dieses Gerät der erste Schlüssel des Zuhauses, und der einzige.',
    ends: 'Der Zugang des Installateurs endet, und Geräte, die dazugehörten, sind draußen. Tu es an der Zentrale, mit dem Bildschirm des Installateurs vor Augen.',
    leaves: 'Dieses Gerät gehört jetzt zu einem anderen Zuhause und verlässt es.',
    take: 'Übernehmen',
    notNow: 'Jetzt nicht',
    claiming: 'Zentrale und Gerät beweisen einander den Code …',
    taken: 'Das Zuhause gehört dir',
    takenText:
      'Die Zentrale hat bewiesen, dass sie die des Codes ist, und dieses Gerät ist ihr einziger Schlüssel. Drucke jetzt einen Wiederherstellungscode: Ohne ihn hilft bei einem verlorenen Gerät nur eine neue Übergabe an der Zentrale.',
    print: 'Wiederherstellungscode anlegen',
    later: 'Später',
    refused: 'Das Zuhause wurde nicht übernommen',
    closed:
      'An der Zentrale ist keine Übergabe offen: Die zehn Minuten sind um, der Code wurde benutzt, oder sie wurde beendet. Lass sie neu beginnen und scanne den neuen Code.',
    swapped:
      'Der Beweis passt nicht: Es war ein anderer Code, oder jemand zwischen diesem Gerät und der Zentrale hat einen Schlüssel getauscht. Lass die Übergabe sofort neu beginnen und scanne den neuen Code. Was aufgenommen wurde, fällt damit weg.',
    cut: 'Der Code ist unvollständig. Scanne ihn noch einmal, oder tippe den ganzen Text darunter ab.',
    hubAway:
      'Die Zentrale antwortet nicht. Sieh nach Strom und Netz, dann halte noch einmal: Der Code gilt zehn Minuten.',
    silent:
      'Der Dienst ist nicht zu erreichen. Sieh nach dem Netz dieses Geräts, dann halte noch einmal. Ist der Code dann benutzt, lass die Übergabe neu beginnen.',
    unknown: 'Der Dienst kennt diese Zentrale nicht. Frage den Installateur, wo sie angemeldet wurde.',
    other: 'Das hat nicht geklappt. Versuche es noch einmal; bleibt es so, lass die Übergabe neu beginnen.',
    standing: 'Ich stehe mit dem Installateur an der Zentrale',
    field: 'Der Text unter dem QR-Code',
    service: 'Adresse des Dienstes',
    whichService:
      'Der Text sagt nicht, wo der Dienst ist. Der Installateur weiß es: Dort wurde die Zentrale angemeldet.',
    next: 'Weiter',
  },
  it: {
    title: 'Prendi in consegna questa casa',
    text: 'Hai scansionato il codice mostrato dalla centrale di questa casa. Tenendo premuto il pulsante, questo dispositivo diventa la prima chiave della casa, e l’unica.',
    ends: 'L’accesso dell’installatore finisce, e i dispositivi di prima restano fuori. Fallo davanti alla centrale, con lo schermo dell’installatore in vista.',
    leaves: 'Questo dispositivo ora appartiene a un’altra casa, e la lascia.',
    take: 'Prendi in consegna',
    notNow: 'Non ora',
    claiming: 'La centrale e questo dispositivo si provano a vicenda il codice …',
    taken: 'La casa è tua',
    takenText:
      'La centrale ha provato di essere quella del codice, e questo dispositivo è la sua unica chiave. Stampa ora un codice di recupero: senza, se perdi il dispositivo serve una nuova consegna alla centrale.',
    print: 'Crea il codice di recupero',
    later: 'Più tardi',
    refused: 'La casa non è stata presa in consegna',
    closed:
      'Nessuna consegna è aperta alla centrale: i dieci minuti sono passati, il codice è stato usato o è stata chiusa. Fai ricominciare l’installatore e scansiona il nuovo codice.',
    swapped:
      'La prova non corrisponde: era un altro codice, o qualcuno tra questo dispositivo e la centrale ha cambiato una chiave. Fai ricominciare subito la consegna e scansiona il nuovo codice. Così decade chi era stato accolto.',
    cut: 'Il codice è incompleto. Scansionalo di nuovo o scrivi tutto il testo sotto.',
    hubAway:
      'La centrale non risponde. Controlla corrente e rete, poi tieni premuto di nuovo: il codice vale dieci minuti.',
    silent:
      'Il servizio non è raggiungibile. Controlla la rete di questo dispositivo, poi tieni premuto di nuovo. Se il codice risulta usato, fai ricominciare l’installatore.',
    unknown: 'Il servizio non conosce questa centrale. Chiedi all’installatore dove è stata registrata.',
    other: 'Non ha funzionato. Riprova; se resta così, fai ricominciare la consegna.',
    standing: 'Sono alla centrale con l’installatore',
    field: 'Il testo sotto il codice QR',
    service: 'Indirizzo del servizio',
    whichService:
      'Il testo non dice dove si trova il servizio. L’installatore lo sa: lì è stata registrata la centrale.',
    next: 'Avanti',
  },
  bg: {
    title: 'Поеми този дом',
    text: 'Сканира кода, който показва централата на този дом. Когато задържиш бутона, това устройство става първият ключ на дома, и единственият.',
    ends: 'Достъпът на монтажника свършва, а предишните устройства остават вън. Направи го при централата, пред екрана на монтажника.',
    leaves: 'Това устройство сега принадлежи към друг дом и го напуска.',
    take: 'Поеми',
    notNow: 'Не сега',
    claiming: 'Централата и устройството си доказват кода …',
    taken: 'Домът е твой',
    takenText:
      'Централата доказа, че е тази от кода, и това устройство е единственият ѝ ключ. Отпечатай сега код за възстановяване: без него при загубено устройство е нужно ново предаване при централата.',
    print: 'Създай код за възстановяване',
    later: 'По-късно',
    refused: 'Домът не беше поет',
    closed:
      'При централата няма отворено предаване: десетте минути изтекоха, кодът е използван или е прекратено. Нека монтажникът започне отново и сканирай новия код.',
    swapped:
      'Доказателството не съвпада: кодът е друг или някой между устройството и централата е сменил ключ. Нека монтажникът веднага започне отново и сканирай новия код. Така приетото досега отпада.',
    cut: 'Кодът е непълен. Сканирай го отново или въведи целия текст под него.',
    hubAway: 'Централата не отговаря. Провери ток и мрежа, после задръж отново: кодът важи десет минути.',
    silent:
      'Услугата е недостъпна. Провери мрежата на устройството, после задръж отново. Ако кодът вече е използван, нека монтажникът започне отново.',
    unknown: 'Услугата не познава тази централа. Попитай монтажника къде е регистрирана.',
    other: 'Не се получи. Опитай пак; ако остане така, нека монтажникът започне отново.',
    standing: 'При централата съм, с монтажника',
    field: 'Текстът под QR кода',
    service: 'Адрес на услугата',
    whichService: 'Текстът не казва къде е услугата. Монтажникът знае: там е регистрирана централата.',
    next: 'Напред',
  },
  ro: {
    title: 'Preia această casă',
    text: 'Ai scanat codul arătat de centrala acestei case. Când ții apăsat butonul, acest dispozitiv devine prima cheie a casei, și singura.',
    ends: 'Accesul instalatorului se încheie, iar dispozitivele de dinainte rămân afară. Fă-o la centrală, cu ecranul instalatorului la vedere.',
    leaves: 'Acest dispozitiv aparține acum altei case și o părăsește.',
    take: 'Preia',
    notNow: 'Nu acum',
    claiming: 'Centrala și acest dispozitiv își dovedesc codul …',
    taken: 'Casa este a ta',
    takenText:
      'Centrala a dovedit că este cea din cod, iar acest dispozitiv este singura ei cheie. Tipărește acum un cod de recuperare: fără el, un dispozitiv pierdut înseamnă o nouă predare la centrală.',
    print: 'Fă codul de recuperare',
    later: 'Mai târziu',
    refused: 'Casa nu a fost preluată',
    closed:
      'Nicio predare nu este deschisă la centrală: cele zece minute au trecut, codul a fost folosit sau a fost încheiată. Roagă instalatorul să reînceapă și scanează codul nou.',
    swapped:
      'Dovada nu se potrivește: a fost alt cod sau cineva între dispozitiv și centrală a schimbat o cheie. Roagă instalatorul să reînceapă imediat și scanează codul nou. Ce fusese primit cade astfel.',
    cut: 'Codul este incomplet. Scanează-l din nou sau scrie tot textul de sub el.',
    hubAway:
      'Centrala nu răspunde. Verifică curentul și rețeaua, apoi ține apăsat din nou: codul este valabil zece minute.',
    silent:
      'Serviciul nu poate fi contactat. Verifică rețeaua dispozitivului, apoi ține apăsat din nou. Dacă atunci codul e folosit, roagă instalatorul să reînceapă.',
    unknown: 'Serviciul nu cunoaște această centrală. Întreabă instalatorul unde a fost înregistrată.',
    other: 'Nu a mers. Încearcă din nou; dacă rămâne așa, roagă instalatorul să reînceapă predarea.',
    standing: 'Sunt la centrală cu instalatorul',
    field: 'Textul de sub codul QR',
    service: 'Adresa serviciului',
    whichService: 'Textul nu spune unde este serviciul. Instalatorul știe: acolo a fost înregistrată centrala.',
    next: 'Mai departe',
  },
  ru: {
    title: 'Принять этот дом',
    text: 'Ты отсканировал код, который показывает блок этого дома. Когда ты удержишь кнопку, это устройство станет первым ключом дома, и единственным.',
    ends: 'Доступ монтажника закончится, а прежние устройства останутся снаружи. Делай это у блока, перед экраном монтажника.',
    leaves: 'Это устройство сейчас принадлежит другому дому и покинет его.',
    take: 'Принять',
    notNow: 'Не сейчас',
    claiming: 'Блок и устройство доказывают код друг другу …',
    taken: 'Дом твой',
    takenText:
      'Блок доказал, что он тот, чей код, и это устройство — его единственный ключ. Напечатай сейчас код восстановления: без него при потере устройства нужна новая передача у блока.',
    print: 'Создать код восстановления',
    later: 'Позже',
    refused: 'Дом не принят',
    closed:
      'У блока нет открытой передачи: десять минут истекли, код использован или её прекратили. Пусть монтажник начнёт снова, и отсканируй новый код.',
    swapped:
      'Доказательство не сходится: это другой код, или кто-то между устройством и блоком подменил ключ. Пусть монтажник сразу начнёт снова, и отсканируй новый код. Всё принятое до этого отпадёт.',
    cut: 'Код неполон. Отсканируй его ещё раз или введи весь текст под ним.',
    hubAway: 'Блок не отвечает. Проверь питание и сеть, затем удержи снова: код действует десять минут.',
    silent:
      'Служба недоступна. Проверь сеть устройства, затем удержи снова. Если код уже использован, пусть монтажник начнёт снова.',
    unknown: 'Служба не знает этот блок. Спроси монтажника, где блок зарегистрирован.',
    other: 'Не получилось. Попробуй ещё раз; если так и останется, пусть монтажник начнёт передачу снова.',
    standing: 'Я у блока вместе с монтажником',
    field: 'Текст под QR-кодом',
    service: 'Адрес службы',
    whichService: 'В тексте не сказано, где служба. Монтажник знает: там зарегистрирован блок.',
    next: 'Дальше',
  },
  tr: {
    title: 'Bu evi devral',
    text: 'Bu evin merkezinin gösterdiği kodu taradın. Düğmeyi basılı tuttuğunda bu cihaz evin ilk anahtarı olur, ve tek anahtarı.',
    ends: 'Kurulumcunun erişimi biter, önceki cihazlar dışarıda kalır. Bunu merkezin yanında, kurulumcunun ekranını görürken yap.',
    leaves: 'Bu cihaz şimdi başka bir eve ait ve oradan ayrılır.',
    take: 'Devral',
    notNow: 'Şimdi değil',
    claiming: 'Merkez ve bu cihaz kodu birbirine kanıtlıyor …',
    taken: 'Ev senin',
    takenText:
      'Merkez, kodun merkezi olduğunu kanıtladı; bu cihaz onun tek anahtarı. Şimdi bir kurtarma kodu yazdır: o olmadan, kaybolan cihaz merkezde yeni bir devir demektir.',
    print: 'Kurtarma kodu oluştur',
    later: 'Sonra',
    refused: 'Ev devralınmadı',
    closed:
      'Merkezde açık devir yok: on dakika doldu, kod kullanıldı ya da devir bitirildi. Kurulumcu yeniden başlatsın, yeni kodu tara.',
    swapped:
      'Kanıt uymuyor: başka bir koddu ya da bu cihazla merkez arasında biri bir anahtarı değiştirdi. Kurulumcu deviri hemen yeniden başlatsın, yeni kodu tara. Önceden kabul edilen böylece düşer.',
    cut: 'Kod eksik. Yeniden tara ya da altındaki metnin tamamını yaz.',
    hubAway: 'Merkez yanıt vermiyor. Elektriğe ve ağa bak, sonra yeniden basılı tut: kod on dakika geçerlidir.',
    silent:
      'Hizmete ulaşılamıyor. Bu cihazın ağına bak, sonra yeniden basılı tut. Kod o sırada kullanılmışsa kurulumcu yeniden başlatsın.',
    unknown: 'Hizmet bu merkezi tanımıyor. Merkezin nerede kaydedildiğini kurulumcuya sor.',
    other: 'Olmadı. Yeniden dene; böyle kalırsa kurulumcu deviri yeniden başlatsın.',
    standing: 'Kurulumcuyla merkezin yanındayım',
    field: 'QR kodunun altındaki metin',
    service: 'Hizmetin adresi',
    whichService: 'Metin hizmetin nerede olduğunu söylemiyor. Kurulumcu bilir: merkez orada kaydedildi.',
    next: 'Devam',
  },
} satisfies Table<typeof en>;
