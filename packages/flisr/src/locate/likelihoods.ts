/**
 * Chances of what devices other than indicators report, beside the configured rates. Each is the
 * share of all such reports; docs/methods/locating.md, section 4, says where they come from.
 */
export const LIKELIHOODS = {
  /** A protective device on the way of the fault current leaves it to the next one up. */
  protectionFails: 0.02,
  /** A device beyond which there is no fault trips and locks out all the same. */
  tripsForNothing: 0.001,
  /** A direction is told the wrong way round although fault current passed. */
  directionWrong: 0.01,
  /**
   * A directional device sees current towards the source though no generator stands beyond it:
   * the charging current of the healthy lines beyond it into an earth fault elsewhere.
   */
  backwardCharging: 0.02,
  /** A generator beyond an indicator drives enough current back through it to be shown. */
  infeedShows: 0.1,
  /** A voltage is reported where there is none. */
  voltageWrong: 0.01,
  /** A part that should be dead is supplied from somewhere nobody told of. */
  unknownSupply: 0.05,
  /** A neutral voltage (3U0) stands during an earth fault, and during a fault between phases. */
  neutralVoltageOfEarthFault: 0.95,
  neutralVoltageOfPhaseFault: 0.05,
  /** Faults with earth among all faults of overhead and cable feeders. */
  earthFaultShare: 0.7,
} as const;

/** 3U0 above this share of the phase-to-earth voltage is that of an earth fault. */
export const NEUTRAL_VOLTAGE_SHARE = 0.1;
