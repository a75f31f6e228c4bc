/** Where one program comes from when the machine does not have it. */
export interface ProgramEntry {
  /** File names to look for on the search path; Debian renames some. */
  readonly names: readonly string[];
  /** Folders to look in besides the search path. Patterns are allowed. */
  readonly folders?: readonly string[];
  /** The Debian package that holds it. */
  readonly debian: string;
  /** Where it stands inside the package. Patterns are allowed. */
  readonly inPackage: string;
  /** True where it needs shared libraries from other packages. */
  readonly libraries: boolean;
  /** The absolute folder that the program expects its own files in, where it cannot be told another. */
  readonly builtInFolder?: string;
  /** The project's own release archives, for machines without apt. */
  readonly release?: Release;
}

/** A release on GitHub, laid out as the Prometheus projects do: one archive a platform and a list of checksums. */
export interface Release {
  readonly project: 'prometheus' | 'alertmanager';
  readonly version: string;
}

const prometheusRelease: Release = { project: 'prometheus', version: '3.5.0' };
const alertmanagerRelease: Release = { project: 'alertmanager', version: '0.28.1' };

/** The programs that demo, tests and benches start. */
export const catalogue = {
  prometheus: {
    names: ['prometheus'],
    debian: 'prometheus',
    inPackage: 'usr/bin/prometheus',
    libraries: false,
    release: prometheusRelease,
  },
  promtool: {
    names: ['promtool'],
    debian: 'prometheus',
    inPackage: 'usr/bin/promtool',
    libraries: false,
    release: prometheusRelease,
  },
  alertmanager: {
    names: ['alertmanager', 'prometheus-alertmanager'],
    debian: 'prometheus-alertmanager',
    inPackage: 'usr/bin/prometheus-alertmanager',
    libraries: false,
    builtInFolder: '/usr/share/prometheus/alertmanager',
    release: alertmanagerRelease,
  },
  amtool: {
    names: ['amtool'],
    debian: 'prometheus-alertmanager',
    inPackage: 'usr/bin/amtool',
    libraries: false,
    release: alertmanagerRelease,
  },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
    // The script in usr/bin knows only the paths of an installed package.
    inPackage: 'usr/lib/chromium/chromium',
    libraries: true,
  },
  sshd: {
    names: ['sshd'],
    folders: ['/usr/sbin', '/usr/local/sbin'],
    debian: 'openssh-server',
    inPackage: 'usr/sbin/sshd',
    libraries: true,
  },
  ipmi_sim: {
    names: ['ipmi_sim'],
    debian: 'openipmi',
    inPackage: 'usr/bin/ipmi_sim',
    libraries: true,
  },
  ipmitool: {
    names: ['ipmitool'],
    folders: ['/usr/sbin'],
    debian: 'ipmitool',
    inPackage: 'usr/bin/ipmitool',
    libraries: true,
  },
  postgres: {
    names: ['postgres'],
    folders: ['/usr/lib/postgresql/*/bin'],
    debian: 'postgresql',
    inPackage: 'usr/lib/postgresql/*/bin/postgres',
    libraries: true,
  },
  initdb: {
    names: ['initdb'],
    folders: ['/usr/lib/postgresql/*/bin'],
    debian: 'postgresql',
    inPackage: 'usr/lib/postgresql/*/bin/initdb',
    libraries: true,
  },
} as const satisfies Record<string, ProgramEntry>;

export type ProgramName = keyof typeof catalogue;
