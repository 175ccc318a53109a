/** Circuit breaker at the head of a feeder of a test grid: `T.471` is called MC 471. */
export function headBreaker(id: string, from: string, to: string) {
  return {
    id,
    name: `MC ${id.slice(2)}`,
    kind: 'breaker' as const,
    from,
    to,
    remote: true,
    rated_A: 630,
    pickup_A: 600,
  };
}

/** Remote load-break switch along a line, with an indicator of its own. */
export function fieldSwitch(id: string, from: string, to: string, normallyOpen = false) {
  return {
    id,
    name: `LBS ${id.replace('-', '/')}`,
    kind: 'loadBreakSwitch' as const,
    from,
    to,
    normallyOpen,
    remote: true,
    rated_A: 630,
    faultIndicator: true,
  };
}
