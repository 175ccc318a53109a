import type { MessageKey } from '../i18n/vi.ts';

/** Every key of the console with what it does, in the order of the help page. */
export const KEYS: readonly {
  readonly group: MessageKey;
  readonly keys: readonly (readonly [readonly string[], MessageKey])[];
}[] = [
  {
    group: 'keys.find',
    keys: [
      [['/'], 'keys.search'],
      [['F2'], 'keys.newest'],
      [['F3'], 'keys.incidents'],
      [['F4'], 'keys.plan'],
      [['?'], 'keys.help'],
    ],
  },
  {
    group: 'keys.alarms',
    keys: [
      [['Space'], 'keys.acknowledge'],
      [['F8'], 'keys.silence'],
    ],
  },
  {
    group: 'keys.picture',
    keys: [
      [['←', '↑', '→', '↓'], 'keys.pan'],
      [['+', '−'], 'keys.zoom'],
      [['0'], 'keys.fit'],
      [['1'], 'keys.working'],
      [['Z'], 'keys.zoomTo'],
      [['L'], 'keys.map'],
      [['M'], 'keys.colour'],
      [['N'], 'keys.abnormal'],
    ],
  },
  {
    group: 'keys.device',
    keys: [
      [['Enter'], 'keys.faceplate'],
      [['C'], 'keys.control'],
      [['T'], 'keys.tag'],
      [['G'], 'keys.trend'],
      [['U'], 'keys.up'],
      [['D'], 'keys.down'],
      [['Esc'], 'keys.escape'],
    ],
  },
  { group: 'keys.danger', keys: [[['Ctrl', 'Shift', 'X'], 'keys.abort']] },
];
