package io.coord.server.ensemble.internal;

import io.coord.server.internal.replication.MemberSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis's settings: docs/decisions/0022 has the reason for each. */
final class NodeProperties {
    private static final int MB = 1 << 20;
    private static final int LEAST_SEGMENT_BYTES = 16 * MB;
    private static final int LEAST_ENTRY_BYTES = 4 * MB;
    private static final int ENTRY_SLACK_BYTES = 64 << 10;
    /** A request may grow so much on its way into the log: what is no UTF-8 is replaced by a longer sign. */
    private static final int GROWTH = 3;

    /** As many entries as Ratis may have written and not synced; {@link LogCheck} relies on it. */
    static final int MOST_UNSYNCED_ENTRIES = 128;

    /** A member that joins, and has not answered for so long, does not. */
    private static final int JOINING_MS = 10_000;

    private static final int WRITES_UNDER_WAY_BYTES = 512 * MB;

    /** The first election may come so many times sooner than others. */
    private static final int FIRST_SOONER = 5;

    private NodeProperties() {}

    static RaftProperties of(MemberSettings settings, Path storage) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(properties, List.of(storage.toFile()));
        properties.set("raft.rpc.type", MemberRpc.class.getName());
        setTimes(properties, settings);
        setLog(properties, settings);
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf(WRITES_UNDER_WAY_BYTES));
        Snapshot.setRetentionFileNum(properties, 2);
        Snapshot.setAutoTriggerEnabled(properties, false);
        return properties;
    }

    /** Of the longest entry. */
    static int entryBytes(MemberSettings settings) {
        return Math.max(LEAST_ENTRY_BYTES, GROWTH * settings.maxRequestBytes() + Batch.MOST_BYTES + ENTRY_SLACK_BYTES);
    }

    /** Of a peer, before its connection is given up. */
    static int answerTimeoutMs(MemberSettings settings) {
        return Math.max(1_000, 2 * settings.electionTimeoutMaxMs());
    }

    private static void setTimes(RaftProperties properties, MemberSettings settings) {
        TimeDuration least = milliseconds(settings.electionTimeoutMinMs());
        TimeDuration most = milliseconds(settings.electionTimeoutMaxMs());
        Rpc.setTimeoutMin(properties, least);
        Rpc.setTimeoutMax(properties, most);
        // Who has just started need not wait for long: it asks first whether the others would vote for it, and where
        // there is a leader
        // they would not.
        Rpc.setFirstElectionTimeoutMin(
                properties, milliseconds(Math.max(1, settings.electionTimeoutMinMs() / FIRST_SOONER)));
        Rpc.setFirstElectionTimeoutMax(properties, least);
        Rpc.setRequestTimeout(properties, milliseconds(answerTimeoutMs(settings)));
        Rpc.setSleepTime(properties, milliseconds(25));
        RaftServerConfigKeys.setStagingTimeout(
                properties, milliseconds(Math.max(JOINING_MS, 4 * settings.electionTimeoutMaxMs())));
        // Who joins has caught up before its vote counts.
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, true);
    }

    private static void setLog(RaftProperties properties, MemberSettings settings) {
        int entry = entryBytes(settings);
        Log.setLogMetadataEnabled(properties, false);
        Log.setUnsafeFlushEnabled(properties, !settings.fsync());
        Log.setForceSyncNum(properties, MOST_UNSYNCED_ENTRIES);
        // SyncedMark is to be asked behind each sync, not before.
        Log.StateMachineData.setSync(properties, false);
        // LogCheck has cut off what was torn.
        Log.setCorruptionPolicy(properties, Log.CorruptionPolicy.EXCEPTION);
        Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(Math.max(LEAST_SEGMENT_BYTES, 2L * entry)));
        Log.setPreallocatedSize(properties, SizeInBytes.valueOf(4 * MB));
        Log.setSegmentCacheNumMax(properties, 2);
        Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(32 * MB));
        Log.setPurgeUptoSnapshotIndex(properties, true);
        Log.setPurgeGap(properties, 1);
        Log.setWriteBufferSize(properties, SizeInBytes.valueOf(entry + MB));
        Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(entry));
        Log.Appender.setRetryPolicy(properties, "10ms,20,100ms,1000000");
        Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf(MB));
    }

    private static TimeDuration milliseconds(int value) {
        return TimeDuration.valueOf(value, TimeUnit.MILLISECONDS);
    }
}
