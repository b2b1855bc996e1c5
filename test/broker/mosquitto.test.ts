import { fileURLToPath } from 'node:url';
import t from 'tap';
import { brokerContract } from './contract.ts';
import { mosquittoMissing, startMosquitto } from './mosquitto.ts';

const missing = mosquittoMissing();
const shipped = fileURLToPath(new URL('../../broker/mosquitto', import.meta.url));

if (missing !== undefined) {
  t.test('mosquitto, as we ship its configuration', { skip: missing }, (t) => t.end());
} else {
  brokerContract(
    t,
    'mosquitto',
    {
      refusesSubscriptions: false,
      closesOnDeniedPublish: false,
      refusesOtherClientId: false,
      refusesOtherVersions: false,
      refusesForeignWill: false,
    },
    (server) => startMosquitto(server, shipped),
  );
}
