import t from 'tap';
import { brokerContract } from './contract.ts';
import { startEmbedded } from './embedded.ts';

brokerContract(
  t,
  'embedded',
  {
    refusesSubscriptions: true,
    closesOnDeniedPublish: true,
    refusesOtherClientId: true,
    refusesOtherVersions: true,
    refusesForeignWill: true,
  },
  (server) => startEmbedded(server),
);
