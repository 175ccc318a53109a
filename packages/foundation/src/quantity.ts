import { assert } from './assert.ts';

declare const unit: unique symbol;

/** A finite number whose unit the compiler checks. Plain `number` at run time. */
export type Quantity<Unit extends string> = number & { readonly [unit]: Unit };

/** Electric current, RMS, in ampere (A). */
export type Ampere = Quantity<'A'>;
/** Voltage, RMS, line to line unless said otherwise, in volt (V). */
export type Volt = Quantity<'V'>;
/** Active power in watt (W); positive is taken from the network. */
export type Watt = Quantity<'W'>;
/** Reactive power in volt-ampere reactive (var); positive is taken from the network. */
export type Var = Quantity<'var'>;
/** Apparent power in volt-ampere (VA). */
export type VoltAmpere = Quantity<'VA'>;
/** Resistance, reactance or impedance in ohm. */
export type Ohm = Quantity<'ohm'>;
/** Length in metre (m). */
export type Metre = Quantity<'m'>;
/** A voltage as a share of its nominal voltage. */
export type PerUnit = Quantity<'pu'>;
/** A duration in millisecond (ms). */
export type Millisecond = Quantity<'ms'>;

function quantity<Unit extends string>(value: number, what: string): Quantity<Unit> {
  assert(Number.isFinite(value), `${what} must be finite, got ${value}`);
  return value as Quantity<Unit>;
}

/** The one place where a bare number becomes a current. */
export function ampere(value: number): Ampere {
  return quantity<'A'>(value, 'current');
}
/** The one place where a bare number becomes a voltage. */
export function volt(value: number): Volt {
  return quantity<'V'>(value, 'voltage');
}
/** The one place where a bare number becomes an active power. */
export function watt(value: number): Watt {
  return quantity<'W'>(value, 'active power');
}
/** The one place where a bare number becomes a reactive power. */
export function reactive(value: number): Var {
  return quantity<'var'>(value, 'reactive power');
}
/** The one place where a bare number becomes an apparent power. */
export function voltAmpere(value: number): VoltAmpere {
  return quantity<'VA'>(value, 'apparent power');
}
/** The one place where a bare number becomes an impedance. */
export function ohm(value: number): Ohm {
  return quantity<'ohm'>(value, 'impedance');
}
/** The one place where a bare number becomes a length. */
export function metre(value: number): Metre {
  return quantity<'m'>(value, 'length');
}
/** The one place where a bare number becomes a per-unit voltage. */
export function perUnit(value: number): PerUnit {
  return quantity<'pu'>(value, 'per-unit voltage');
}
/** The one place where a bare number becomes a duration. */
export function millisecond(value: number): Millisecond {
  return quantity<'ms'>(value, 'duration');
}
