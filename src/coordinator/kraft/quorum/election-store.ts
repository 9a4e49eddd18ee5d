/** The file `quorum-state`: what a member promised in elections. One line of JSON, replaced as a whole (FileQuorumStateStore). */
import type { Disk, DiskError } from '../../../kernel/api.ts';
import { utf8Decode, utf8Encode } from '../../../protocol/utf8.ts';
import type { ElectionState } from '../raft/types.ts';

export class ElectionStore {
  private readonly disk: Disk;
  private readonly path: string;
  private readonly voters: readonly number[];

  constructor(disk: Disk, directory: string, voters: readonly number[]) {
    this.disk = disk;
    this.path = `${directory}/quorum-state`;
    this.voters = voters;
  }

  /** Null on a node that never took part. */
  read(): ElectionState | null {
    if (!this.disk.exists(this.path)) return null;
    const file = this.disk.open(this.path);
    const { leaderId, leaderEpoch, votedId } = JSON.parse(utf8Decode(file.read(0, file.size))) as ElectionState;
    return { leaderId, leaderEpoch, votedId };
  }

  /** Written beside, synced, renamed, and the name synced too; then it calls back, with the error if there was one. */
  write({ leaderId, leaderEpoch, votedId }: ElectionState, done: (error: DiskError | null) => void): void {
    const state = {
      clusterId: '',
      leaderId,
      leaderEpoch,
      votedId,
      appliedOffset: 0,
      currentVoters: this.voters.map((voterId) => ({ voterId })),
      data_version: 0,
    };
    const { disk, path } = this;
    const file = disk.open(`${path}.tmp`, true);
    if (file.size > 0) file.truncate(0);
    file.append(utf8Encode(JSON.stringify(state)));
    file.sync((then, error) => {
      if (error !== null) {
        then(error);
        return;
      }
      disk.rename(`${path}.tmp`, path);
      disk.open('/').sync((last, failure) => last(failure), then);
    }, done);
  }
}
