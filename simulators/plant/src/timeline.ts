/** What will happen in the plant, in order of time; equal times in the order they were booked. */
export class Timeline<Event> {
  #booked: { readonly at_ms: number; readonly event: Event }[] = [];

  book(at_ms: number, event: Event): void {
    let low = 0;
    let high = this.#booked.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#booked[middle]!.at_ms <= at_ms) low = middle + 1;
      else high = middle;
    }
    this.#booked.splice(low, 0, { at_ms, event });
  }

  /** Takes the next event due at `until_ms` or before. */
  takeNext(until_ms: number): { readonly at_ms: number; readonly event: Event } | undefined {
    const first = this.#booked[0];
    return first !== undefined && first.at_ms <= until_ms ? this.#booked.shift() : undefined;
  }
}
