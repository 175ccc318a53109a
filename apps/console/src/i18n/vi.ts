import { vi as admin } from './admin/vi.ts';
import { vi as alarms } from './alarms/vi.ts';
import { vi as automation } from './automation/vi.ts';
import { vi as commands } from './commands/vi.ts';
import { vi as earthFault } from './earth-fault/vi.ts';
import { vi as equipment } from './equipment/vi.ts';
import { vi as holds } from './holds/vi.ts';
import { vi as incident } from './incident/vi.ts';
import { vi as people } from './people/vi.ts';
import { vi as picture } from './picture/vi.ts';
import { vi as places } from './places/vi.ts';
import { vi as shell } from './shell/vi.ts';

/** Words of the console in Vietnamese, the first language: an area a folder, each word once. */
export const vi = {
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
} as const;

export type MessageKey = keyof typeof vi;
