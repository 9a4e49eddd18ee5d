/** `zk-2`, `zookeeper-2`, `2`, and any of them with a port; undefined where no server is called so. */
export function serverCalled(servers: readonly string[], name: string): string | undefined {
  const bare = name.replace(/:\d+$/, '').toLowerCase();
  const number = /^(?:zookeeper-?|zk-?)?(\d+)$/.exec(bare)?.[1];
  return servers.find((server) => server === bare || server === `zk-${number}`);
}
