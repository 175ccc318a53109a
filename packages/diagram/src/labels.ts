/** Kind words an EVN device name begins with; the number behind them is what operators say. */
const KIND_WORD = /^(MC|REC|LBS|DCL|RMU|FCO|LBFCO|TBA|MBA|Máy cắt|Recloser)\s+/u;

/** "LBS 471/58" → "471/58"; an id such as "PT.431" → "431". */
export function shortLabel(id: string, name: string | undefined): string {
  if (name !== undefined && name !== id) return name.replace(KIND_WORD, '');
  return id.slice(id.lastIndexOf('.') + 1);
}

/** The kind word of a name, or nothing: "LBS" of "LBS 471/58". */
export function kindWord(name: string | undefined): string {
  return KIND_WORD.exec(name ?? '')?.[1] ?? '';
}
