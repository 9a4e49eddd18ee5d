/** So many records in so many microseconds of virtual time, evenly spaced: 100/s is `{ records: 100, perUs: 1_000_000 }`. */
export interface Rate {
  readonly records: number;
  readonly perUs: number;
}

/** When the `n`-th record (from 0) of a rate that began at `originUs` is due. */
export function dueUs(rate: Rate, originUs: number, n: number): number {
  return originUs + Math.floor((n * rate.perUs) / rate.records);
}
