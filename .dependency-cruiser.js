/**
 * Imports run downwards only: the table of rooms in docs/ARCHITECTURE.md, as rules. Every room may import itself and what
 * stands in `allowed`; anything else is a violation. `npm run imports` shows them.
 */

/** Room → the rooms and files below it that it may import. */
const allowed = {
  core: [],
  transport: ['core'],
  'devices/contract.ts': ['core'],
  'devices/registry.ts': ['devices'],
  observe: ['core', 'devices/contract.ts'],
  remediate: ['core', 'devices/contract.ts', 'store/contract.ts'],
  store: ['core'],
  http: ['core', 'observe', 'remediate'],
  config: ['core', 'devices/contract.ts'],
  captures: ['core'],
  simulators: ['core'],
  cli: ['app', 'captures', 'simulators', 'core'],
};

const why = {
  core: 'core holds the nouns and rules that need no machine. Move what needs a room into that room, or pass it in.',
  transport: 'transport knows connections, not devices. Pass what it needs as a parameter.',
  'devices/contract.ts': 'The contract is what rooms and drivers share: only nouns of core may stand in it.',
  'devices/registry.ts': 'The registry lists drivers and does nothing else.',
  observe: 'observe and remediate do not know each other, and know devices by their contract only. Join them in app.',
  remediate: 'remediate knows devices and the store by their contracts only. Pass an implementation in from app.',
  store: 'store keeps what core describes. It asks nobody.',
  http: 'http turns requests into calls of observe and remediate. What else it needs, app passes in.',
  config: 'config checks a file against schemas that it is given. Drivers are passed in from app.',
  captures: 'captures reads files and needs nothing but core.',
  simulators: 'A simulator that shares code with a driver shares its mistakes, and proves nothing. Write it again.',
  cli: 'cli reaches the service through app only, so that everything it can do, app can do for others.',
};

export default {
  forbidden: [
    ...Object.entries(allowed).map(([room, below]) => ({
      name: `${room.replace('/', '-').replace('.ts', '')}-downwards`,
      comment: why[room],
      severity: 'error',
      from: { path: start(room) },
      to: { path: '^src/', pathNot: [room, ...below].map(start) },
    })),
    {
      name: 'drivers-downwards',
      comment:
        'A driver stands on core, transport and the contract; the driver captures also on the room of its name. What several vendors need belongs into core or transport.',
      severity: 'error',
      from: { path: '^src/devices/([^/.]+)/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/core/',
          '^src/transport/',
          '^src/devices/contract\\.ts$',
          '^src/devices/$1/',
          '^src/captures/(?<=^src/$1/)',
        ],
      },
    },
    {
      name: 'one-list-of-drivers',
      comment: 'Only the registry names drivers; everybody else gets them from it, through app.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/devices/'] },
      to: { path: '^src/devices/[^/.]+/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea, or hide a third one. Merge them or take it out.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'What the product needs stands in src.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|grafana)/' },
    },
    {
      name: 'one-user-of-prom-client',
      comment: 'prom-client was given up upstream: one file knows it, so that one file has to change.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/observe/service-metrics\\.ts$' },
      to: { path: '(^|/)node_modules/prom-client/' },
    },
    {
      name: 'no-development-packages',
      comment:
        'The image is installed without development packages. Move the package to "dependencies", or do without.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'everything-resolves',
      comment: 'The imported file does not exist.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};

/** The beginning of all paths of a room, or the path of one file. */
function start(place) {
  return place.endsWith('.ts') ? `^src/${place.replaceAll('.', '\\.')}$` : `^src/${place}/`;
}
