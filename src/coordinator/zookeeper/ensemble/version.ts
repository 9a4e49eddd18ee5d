/** What the ensemble says it is: the ZooKeeper that Kafka 3.9 comes with, without the commit that it was built from. */
export const VERSION = '3.8.4-kzsim, built on 2024-02-12 22:16 UTC';
