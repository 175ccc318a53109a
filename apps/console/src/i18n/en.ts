import { en as admin } from './admin/en.ts';
import { en as alarms } from './alarms/en.ts';
import { en as automation } from './automation/en.ts';
import { en as commands } from './commands/en.ts';
import { en as earthFault } from './earth-fault/en.ts';
import { en as equipment } from './equipment/en.ts';
import { en as holds } from './holds/en.ts';
import { en as incident } from './incident/en.ts';
import { en as people } from './people/en.ts';
import { en as picture } from './picture/en.ts';
import { en as places } from './places/en.ts';
import { en as shell } from './shell/en.ts';
import type { MessageKey } from './vi.ts';

/** Words of the console in English; the type makes a missing key an error. */
export const en: Readonly<Record<MessageKey, string>> = {
  ...admin,
  ...alarms,
  ...automation,
  ...commands,
  ...earthFault,
  ...equipment,
  ...holds,
  ...incident,
  ...people,
  ...picture,
  ...places,
  ...shell,
};
