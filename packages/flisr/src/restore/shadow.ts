/**
 * How sure it is that a joint of a live tree is live: joined by switches of known position; through
 * one of unknown position, live with the positions as last known; dead with them.
 */
export const SURE = 0;
export const DOUBTFUL = 1;
export const GHOST = 2;
