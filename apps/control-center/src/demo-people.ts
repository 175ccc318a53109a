import type { DemoPerson } from '@relight/contract';

/**
 * Who sits in the demo: no passwords, this machine only. Several, so that a second browser can be
 * the second person. The first one is who opens the printed address.
 */
export const DEMO_PEOPLE: readonly [DemoPerson, ...DemoPerson[]] = [
  { user: 'lan', name: 'Nguyễn Thị Lan', roles: ['dispatcher'] },
  { user: 'minh', name: 'Trần Quang Minh', roles: ['shiftLead'] },
  { user: 'phuc', name: 'Lê Hồng Phúc', roles: ['tagOfficer'] },
  { user: 'dung', name: 'Võ Tiến Dũng', roles: ['engineer'] },
  { user: 'hoa', name: 'Phạm Thu Hoa', roles: ['viewer'] },
];
