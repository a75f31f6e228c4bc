const WITHOUT_HEADER_MS = 120_000;
const MARGIN_MS = 500;

/**
 * How long a scrape may take, in milliseconds, from X-Prometheus-Scrape-Timeout-Seconds: half a second less, so that the
 * answer is there before Prometheus gives up, but at least half of it. 120 s without the header, and at most.
 */
export function scrapeDeadline(header: string | undefined): number {
  const ms = Number(header ?? NaN) * 1_000;
  if (!(ms > 0)) return WITHOUT_HEADER_MS;
  return Math.min(Math.max(ms - MARGIN_MS, ms / 2), WITHOUT_HEADER_MS);
}
