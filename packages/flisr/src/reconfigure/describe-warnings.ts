import type { Violation } from '@relight/powerflow';

export interface Concerns {
  /** Limits broken in the state found, and in the one at the start. */
  readonly broken: readonly Violation[];
  readonly brokenAtStart: readonly Violation[];
  readonly darkNodes: number;
  readonly radialAtStart: boolean;
  /** Loads that follow the voltage. */
  readonly followsVoltage: boolean;
}

const MOST_NAMED = 10;
const KIND_VI: Record<Violation['kind'], string> = {
  loading: 'mang tải',
  voltage: 'điện áp',
  source: 'công suất nguồn',
  pickup: 'dòng điện so với trị số khởi động bảo vệ',
};

/** What a person should know before using the state found; the same lines in both languages. */
export function describeWarnings({
  broken,
  brokenAtStart,
  darkNodes,
  radialAtStart,
  followsVoltage,
}: Concerns): {
  readonly warnings: readonly string[];
  readonly warningsVi: readonly string[];
} {
  const warnings: string[] = [];
  const warningsVi: string[] = [];
  if (!radialAtStart) {
    warnings.push('the state at the start has a closed loop; the state found is radial');
    warningsVi.push('trạng thái ban đầu có mạch vòng kín; trạng thái tìm được là hình tia');
  }
  if (followsVoltage) {
    warnings.push(
      'loads follow the voltage: searched as constant power, solved as they are, no bound',
    );
    warningsVi.push(
      'phụ tải phụ thuộc điện áp: tìm kiếm với công suất không đổi, tính lại đúng mô hình, không có cận dưới',
    );
  }
  if (darkNodes > 0) {
    warnings.push(`nodes without supply at the start, and still: ${darkNodes}`);
    warningsVi.push(`số nút không có điện từ đầu và vẫn không có điện: ${darkNodes}`);
  }
  if (brokenAtStart.length > 0) {
    const [before, after] = [brokenAtStart.length, broken.length];
    warnings.push(`limits broken at the start: ${before}, in the state found: ${after}`);
    warningsVi.push(`số giới hạn bị vi phạm ban đầu: ${before}, sau khi đổi kết lưới: ${after}`);
  }
  for (const { kind, equipment, value, allowed, unit } of broken.slice(0, MOST_NAMED)) {
    const digits = unit === 'pu' ? 4 : 1;
    const figures = `${value.toFixed(digits)} ${unit}`;
    const limit = `${allowed.toFixed(digits)} ${unit}`;
    warnings.push(`${equipment}: ${kind} ${figures}, ${limit} allowed`);
    warningsVi.push(`${equipment}: ${KIND_VI[kind]} ${figures}, cho phép ${limit}`);
  }
  const more = broken.length - MOST_NAMED;
  if (more > 0) {
    warnings.push(`and ${more} more`);
    warningsVi.push(`và ${more} giới hạn khác`);
  }
  return { warnings, warningsVi };
}
