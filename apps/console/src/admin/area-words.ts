/**
 * The substations somebody answers for; null: all of them.
 * @param names - By id, as far as this person may know them.
 */
export function areaWords(
  names: ReadonlyMap<string, string>,
  areas: readonly string[] | null,
): string | null {
  if (areas === null) return null;
  return areas.map((id) => names.get(id)?.replace(/ 110 kV/u, '') ?? id).join(', ');
}
