/**
 * Brings the clients of other languages into a folder of this user's, outside of the repository: each of them once for each version.
 * Whatever cannot be had is an error that says what to do; no client is left out in silence.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PeerCommand } from './line-driver.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');

/** `KZSIM_PEERS_CACHE`, or `~/.cache/kzsim-peers`. */
export function cacheFolder(): string {
  return process.env.KZSIM_PEERS_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'kzsim-peers');
}

export class InstallError extends Error {
  constructor(what: string, advice: string, cause: unknown) {
    const detail = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    super(`${what} could not be installed: ${advice}\n${detail.trim().split('\n').slice(-15).join('\n')}`);
    this.name = 'InstallError';
  }
}

/** Runs `make` in a new folder, which gets its name only when it is complete. */
function once(name: string, make: (folder: string) => void): string {
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  make(unfinished);
  renameSync(unfinished, folder);
  return folder;
}

function run(command: string, args: readonly string[], cwd?: string): void {
  execFileSync(command, args, { stdio: 'pipe', ...(cwd === undefined ? {} : { cwd }) });
}

/** A digest of a program's sources, so that what was built from others is not used. */
function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}

/** The folder of packages from PyPI, for `PYTHONPATH`. */
function pythonPackages(name: string, packages: readonly string[]): string {
  try {
    return once(`python-${name}`, (folder) =>
      run('python3', ['-m', 'pip', 'install', '--quiet', '--target', folder, ...packages]),
    );
  } catch (thrown) {
    throw new InstallError(packages[0]!, 'Python 3.9 or newer with pip is needed (python3 -m pip)', thrown);
  }
}

export function pythonPeer(
  name: string,
  packages: readonly string[],
  program: string,
  args: readonly string[],
): PeerCommand {
  const folder = pythonPackages(name, packages);
  return { command: 'env', args: [`PYTHONPATH=${folder}`, 'python3', '-B', join(PROGRAMS, program), ...args] };
}

const POM = (artifacts: readonly string[]): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>kzsim</groupId><artifactId>peers</artifactId><version>1</version><dependencies>
${artifacts
  .map((artifact) => artifact.split(':'))
  .map(
    ([group, name, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  )
  .join('\n')}
</dependencies></project>
`;

/** The class path of a release of Kafka: clients and command-line tools. */
export function kafkaClassPath(version: string): string {
  const artifacts = ['kafka-clients', 'kafka-tools', 'kafka_2.13'].map((name) => `org.apache.kafka:${name}:${version}`);
  const logging = version.startsWith('3.') ? [] : ['org.slf4j:slf4j-simple:1.7.36'];
  try {
    const folder = once(`kafka-${version}`, (unfinished) => {
      writeFileSync(join(unfinished, 'pom.xml'), POM([...artifacts, ...logging]));
      run(
        'mvn',
        ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs'],
        unfinished,
      );
    });
    return join(folder, 'libs', '*');
  } catch (thrown) {
    throw new InstallError(`Kafka ${version}`, 'Java 17 or newer and Maven are needed (java, javac, mvn)', thrown);
  }
}

/** Small heaps and little compiling: these processes are short. */
export const JAVA_OPTIONS = [
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
];

export function javaPeer(version: string, args: readonly string[]): PeerCommand {
  const classPath = kafkaClassPath(version);
  const sources = join(PROGRAMS, 'java');
  const classes = once(`java-${version}-${digestOf(sources)}`, (folder) => {
    const files = readdirSync(sources).map((file) => join(sources, file));
    try {
      run('javac', ['-nowarn', '-d', folder, '-cp', classPath, ...files]);
    } catch (thrown) {
      throw new InstallError('the Java program', 'javac 17 or newer is needed', thrown);
    }
  });
  return { command: 'java', args: [...JAVA_OPTIONS, '-cp', `${classes}:${classPath}`, 'FlowPeer', ...args] };
}

/** The classes of the program that runs Kafka's tools. */
export function toolServerClasses(version: string): string {
  const sources = join(PROGRAMS, 'tools');
  return once(`tools-${version}-${digestOf(sources)}`, (folder) => {
    const files = readdirSync(sources).map((file) => join(sources, file));
    try {
      run('javac', ['-nowarn', '-d', folder, '-cp', kafkaClassPath(version), ...files]);
    } catch (thrown) {
      throw new InstallError('the program that runs Kafka’s tools', 'javac 17 or newer is needed', thrown);
    }
  });
}

export function goPeer(args: readonly string[]): PeerCommand {
  const sources = join(PROGRAMS, 'go');
  try {
    const folder = once(`go-${digestOf(sources)}`, (unfinished) =>
      run('go', ['build', '-o', join(unfinished, 'flow-peer'), '.'], sources),
    );
    return { command: join(folder, 'flow-peer'), args };
  } catch (thrown) {
    throw new InstallError('the franz-go program', 'Go 1.26 or newer is needed (go build)', thrown);
  }
}

/** kcat comes from the machine's own packages; as root on Debian or Ubuntu it is installed here. */
export function kcat(): string {
  try {
    run('kcat', ['-V']);
  } catch {
    try {
      run('apt-get', ['install', '-y', '--no-install-recommends', 'kcat']);
    } catch (thrown) {
      throw new InstallError(
        'kcat',
        'install it by hand, for example `apt-get install kcat` or `brew install kcat`',
        thrown,
      );
    }
  }
  return 'kcat';
}

/** The class path of a release of ZooKeeper: servers and zkCli. 3.8.4 is what Kafka 3.9.1 comes with. */
export function zooKeeperClassPath(version: string): string {
  if (version === '3.8.4') return kafkaClassPath('3.9.1');
  const artifacts = [
    `org.apache.zookeeper:zookeeper:${version}`,
    'commons-cli:commons-cli:1.5.0',
    'io.dropwizard.metrics:metrics-core:4.1.12.1',
    'org.xerial.snappy:snappy-java:1.1.10.5',
    'org.slf4j:slf4j-nop:1.7.30',
  ];
  try {
    const folder = once(`zookeeper-${version}`, (unfinished) => {
      writeFileSync(join(unfinished, 'pom.xml'), POM(artifacts));
      run(
        'mvn',
        ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs'],
        unfinished,
      );
    });
    return join(folder, 'libs', '*');
  } catch (thrown) {
    throw new InstallError(`ZooKeeper ${version}`, 'Java 17 or newer and Maven are needed (java, mvn)', thrown);
  }
}
