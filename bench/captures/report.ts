/** One measured command. */
export interface Row {
  readonly name: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly packets: number;
  readonly peakBytes: number | undefined;
  /** Time of processors, all threads together. */
  readonly cpuSeconds: number;
  /** Its rate beside that of `cat` in the same rounds. */
  readonly ofCat: number;
}

/** A figure that must be reached, and the one that is aimed at. */
export interface Target {
  readonly what: string;
  readonly reached: number;
  readonly must: number;
  readonly aim: number;
  /** True where less is better. */
  readonly atMost?: true;
}

export function printRows(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}\n`);
  console.log(
    '| command | s | CPU s | MB/s | M packets/s | x cat | peak MB |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
  );
  for (const row of rows) {
    const cells = [
      row.name,
      row.seconds.toFixed(2),
      row.cpuSeconds.toFixed(2),
      (row.bytes / 1e6 / row.seconds).toFixed(0),
      (row.packets / 1e6 / row.seconds).toFixed(2),
      row.ofCat.toFixed(3),
      row.peakBytes === undefined ? '' : (row.peakBytes / 1e6).toFixed(0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** Prints the targets; false when one that must be reached was not. */
export function printTargets(targets: readonly Target[]): boolean {
  console.log('\n| target | reached | must | aim | |\n| --- | ---: | ---: | ---: | --- |');
  let all = true;
  for (const target of targets) {
    const reaches = (goal: number): boolean => (target.atMost ? target.reached <= goal : target.reached >= goal);
    all &&= reaches(target.must);
    const verdict = reaches(target.aim) ? 'aim reached' : reaches(target.must) ? 'reached' : 'MISSED';
    console.log(
      `| ${target.what} | ${number(target.reached)} | ${number(target.must)} | ${number(target.aim)} | ${verdict} |`,
    );
  }
  return all;
}

function number(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
