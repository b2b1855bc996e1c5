/** Everything that does not stand in the bar. */
import { useApp } from '../app.ts';
import { Icon } from '../icon.tsx';
import { go } from '../route.ts';
import { type ScreenName, type ScreenRow, screens } from '../screens.ts';

export function ScreenList({ place }: { readonly place: ScreenRow['place'] }) {
  const { code } = useApp();
  const rows = (screens as readonly ScreenRow[]).filter((one) => one.place === place);
  if (rows.length === 0) return null;
  return (
    <ul class="list">
      {rows.map((row) => (
        <li key={row.name}>
          <button type="button" onClick={() => go(row.name as ScreenName)}>
            <Icon of={row.picture} />
            <span>{row.label[code]}</span>
            <Icon of="next" />
          </button>
        </li>
      ))}
    </ul>
  );
}

export const Screen = () => <ScreenList place="more" />;
