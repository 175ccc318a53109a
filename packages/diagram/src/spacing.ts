/** Distances of the schematic, in CSS pixels at working zoom; see the sizes of the visual reference. */
export const SPACE = {
  /** Busbar to the breaker of a feeder. */
  head: 30,
  /** Middle of one switch to the middle of the next on a trunk, so that "471/58" fits under each. */
  switchPitch: 84,
  /** Switch to the first thing that hangs beside it. */
  switchClear: 34,
  /** Switch to the junction behind it. */
  switchStub: 14,
  /** Between things that hang side by side. */
  column: 24,
  /** Shortest line that can still be seen and clicked. */
  line: 20,
  /** Length of a lateral that is a single stub. */
  drop: 40,
  /** Half of a transformer symbol at the end of a stub. */
  dropEnd: 7,
  /** Trunk to the first lateral row, and lateral row to lateral row. */
  level: 80,
  /** Room above a trunk for the card of a section. */
  card: 84,
  /** Room below a trunk without lateral rows. */
  below: 72,
  /** Between two ties that run side by side between rows. */
  lane: 34,
  /** Free stretch between the trunks of two feeders that face each other. */
  facing: 96,
  /** Room of a station outside its busbars. */
  station: 132,
  margin: 28,
  stub: 34,
} as const;
