package io.coord.verification.differential;

import io.coord.verification.patch.PatchedClasses.Replacement;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Mistakes in our server that tell a client something else than ZooKeeper would: changes to a copy of one source file each. */
enum PlantedServerBug {
    WRONG_ERROR_CODE(
            "a child of an ephemeral znode is refused with another error",
            "state/TreeWrites.java",
            "ErrorCode.NO_CHILDREN_FOR_EPHEMERALS",
            "ErrorCode.BAD_ARGUMENTS"),
    ERRORS_IN_ANOTHER_ORDER(
            "children come before the version when a delete is refused", "state/TreeWrites.java", """
                    if (differs(request.version(), node.version())) {
                        return Answer.refusal(ErrorCode.BAD_VERSION);
                    }
                    if (node.childCount() > 0) {\
            """, """
                    if (node.childCount() > 0) {
                        return Answer.refusal(ErrorCode.NOT_EMPTY);
                    }
                    if (differs(request.version(), node.version())) {
                        return Answer.refusal(ErrorCode.BAD_VERSION);
                    }
                    if (node.childCount() > 0) {\
            """),
    VERSION_NOT_BUMPED(
            "data are written without a new version",
            "tree/ZnodeStore.java",
            "(int) INT.get(from, fromAt + VERSION) + 1)",
            "(int) INT.get(from, fromAt + VERSION))"),
    VERSION_OF_THE_ACL_NOT_BUMPED(
            "an ACL is written without a new version",
            "tree/TreeEdit.java",
            "store.needExtras(node.handle).aversion++;",
            "store.needExtras(node.handle);"),
    PZXID_NOT_MOVED_BY_A_DELETE(
            "a deletion leaves the parent's pzxid",
            "tree/TreeEdit.java",
            "        children.pzxid = zxid;\n" + "        tree.updateReaping(parent.handle);",
            "        tree.updateReaping(parent.handle);"),
    SEQUENCE_COUNTS_LIVING_CHILDREN(
            "a sequence number is the number of children that there are",
            "state/TreeWrites.java",
            "sequenceSuffix(parent.createCount())",
            "sequenceSuffix(parent.childCount())"),
    SEQUENCE_KEPT_BY_A_FAILED_TRANSACTION(
            "a transaction that fails uses up sequence numbers",
            "tree/TreeEdit.java",
            "            siblings.createCount--;\n",
            ""),
    MULTI_NOT_ROLLED_BACK(
            "a transaction that fails leaves what it has done", "state/TreeWrites.java", "edit.rollback();", ""),
    WATCH_NOT_FIRED(
            "a watch on children is not told that its znode is deleted",
            "watch/WatchRegistry.java",
            "if (change.type() == EventType.NODE_DELETED) {",
            "if (change == null) {"),
    WATCH_FIRES_AGAIN(
            "a watch that has fired stays",
            "watch/WatchRegistry.java",
            "            disarm(watch, kinds & Watch.ONE_SHOT);\n",
            ""),
    TOLD_TWICE(
            "one change is told once for each watch that matches",
            "watch/WatchRegistry.java",
            "if (owner.lastRound == round) {",
            "if (round < 0) {"),
    EVENT_OF_WHAT_MAY_NOT_BE_READ(
            "events are told without a look at the ACL",
            "watch/WatchRegistry.java",
            "if (acl.permits(Acl.READ, owner.listener.ids())) {",
            "if (acl != null) {"),
    WATCH_BACK_TOO_EARLY(
            "a watch that comes back fires for the change that the client has seen",
            "watch/WatchRegistry.java",
            "node.mzxid() > request.relativeZxid()",
            "node.mzxid() >= request.relativeZxid()"),
    ACL_NOT_ASKED_BY_SET_ACL(
            "anybody may set an ACL",
            "state/TreeWrites.java",
            "if (!node.acl().permits(Acl.ADMIN, ids)) {",
            "if (node == null) {"),
    ACL_NOT_ASKED_BY_CHECK(
            "the check of a transaction needs no permission",
            "state/TreeWrites.java",
            "if (!node.acl().permits(Acl.READ, ids)) {",
            "if (node == null) {"),
    HASHES_SHOWN(
            "who may read an ACL but not set it sees the hashes of passwords",
            "state/TreeReads.java",
            "acl.permits(Acl.ADMIN, ids) ? acl.entries() : AclRules.withoutHashes(acl.entries())",
            "acl.entries()"),
    QUOTA_NOT_ENFORCED(
            "a hard quota refuses nothing",
            "state/TreeWrites.java",
            "return met.hard() && rules",
            "return met.hard() && met == null && rules"),
    QUOTA_NOT_GIVEN_BACK(
            "a deletion does not count for the quota",
            "state/TreeWrites.java",
            "        quotas.onDeleted(edit, path, node);\n",
            ""),
    EPHEMERAL_WITHOUT_OWNER(
            "a sequential ephemeral znode belongs to nobody",
            "state/TreeWrites.java",
            "mode.isEphemeral() ? sessionId : 0",
            "mode == CreateMode.EPHEMERAL ? sessionId : 0"),
    EPHEMERALS_STAY(
            "ephemeral znodes outlive their session",
            "state/CoordStateMachine.java",
            "        for (Znode each : tree.ephemeralsOf(session.id())) {",
            "        for (Znode each : java.util.List.<Znode>of()) {");

    private static final String SERVER = "coord-server-embedded/src/main/java/io/coord/server/internal/";

    /** The first script that shows the bug, where that is not the first of all. */
    private static final Map<PlantedServerBug, Long> LATER_SEEDS = new EnumMap<>(Map.of(
            WRONG_ERROR_CODE, 2L,
            PZXID_NOT_MOVED_BY_A_DELETE, 2L,
            WATCH_NOT_FIRED, 5L,
            EVENT_OF_WHAT_MAY_NOT_BE_READ, 4L,
            WATCH_BACK_TOO_EARLY, 13L,
            ACL_NOT_ASKED_BY_SET_ACL, 2L,
            ACL_NOT_ASKED_BY_CHECK, 32L,
            HASHES_SHOWN, 56L,
            QUOTA_NOT_GIVEN_BACK, 10L));

    private final String what;
    private final String source;
    private final String from;
    private final String to;

    PlantedServerBug(String what, String source, String from, String to) {
        this.what = what;
        this.source = source;
        this.from = from;
        this.to = to;
    }

    PatchedServers servers() throws IOException {
        return new PatchedServers(SERVER + source, List.of(new Replacement(from, to)));
    }

    /** Our server as it is, made in the same way. */
    PatchedServers serversWithoutIt() throws IOException {
        return new PatchedServers(SERVER + source, List.of());
    }

    /** Of the script that showed the bug when somebody last searched from the first on. */
    long knownSeed() {
        return LATER_SEEDS.getOrDefault(this, 1L);
    }

    String what() {
        return what;
    }
}
