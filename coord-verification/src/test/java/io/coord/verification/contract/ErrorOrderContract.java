package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which error wins when several apply. */
abstract class ErrorOrderContract extends ServerContract {
    private static final List<ACL> NOBODY = List.of(new ACL(ZooDefs.Perms.ALL, new Id("ip", "10.99.99.99")));
    private static final List<ACL> READ_ONLY = ZooDefs.Ids.READ_ACL_UNSAFE;
    private static final int WRONG = 77;

    @Test
    void createAnswersNoNodeWithoutParent() {
        assertThat(error(creation("/gone/x", 0))).isEqualTo(Errors.NO_NODE);
        assertThat(error(creation("/gone/x/y", 2))).isEqualTo(Errors.NO_NODE);
    }

    @ParameterizedTest
    @ValueSource(ints = {7, -1, 100, Integer.MAX_VALUE})
    void createRefusesUnknownFlagsBeforeAnythingElse(int flags) {
        assertThat(error(Operation.create("/gone/x", null, List.of(), flags))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6})
    void createRefusesTtlFlagsWithoutTtl(int flags) {
        assertThat(error(creation(root + "/ttl", flags))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void createWithContainerFlagMakesAPlainZnode() {
        session.ok(creation(root + "/plain", Operation.CONTAINER));
        assertThat(stat(root + "/plain").getEphemeralOwner()).isZero();
    }

    @Test
    void createChecksTheAclBeforeTheParent() {
        assertThat(error(Operation.create("/gone/x", null, List.of(), 0))).isEqualTo(Errors.INVALID_ACL);
        assertThat(error(Operation.create("/gone/x", null, null, 0))).isEqualTo(Errors.INVALID_ACL);
        assertThat(error(Operation.create("/gone/x", null, acl("nonsense", "x"), 0)))
                .isEqualTo(Errors.INVALID_ACL);
        assertThat(error(Operation.create("/gone/x", null, acl("digest", "nocolon"), 0)))
                .isEqualTo(Errors.INVALID_ACL);
        assertThat(error(Operation.create("/gone/x", null, acl("digest", "a:b:c"), 0)))
                .isEqualTo(Errors.INVALID_ACL);
        assertThat(error(Operation.create("/gone/x", null, acl("world", "someone"), 0)))
                .isEqualTo(Errors.INVALID_ACL);
        assertThat(error(Operation.create("/gone/x", null, acl("auth", ""), 0))).isEqualTo(Errors.INVALID_ACL);
    }

    @Test
    void createWithoutPermissionAnswersNoAuthBeforeNodeExistsAndBadPath() {
        session.ok(Operation.create(root + "/child", null, 0));
        session.ok(Operation.setAcl(root, READ_ONLY, -1));
        assertThat(error(creation(root + "/child", 0))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(creation(root + "/bad\u0001", 0))).isEqualTo(Errors.NO_AUTH);
    }

    @Test
    void createChecksThePathAfterTheParent() {
        assertThat(error(creation("/a//b", 0))).isEqualTo(Errors.NO_NODE);
        assertThat(error(creation("/./x", 0))).isEqualTo(Errors.NO_NODE);
        assertThat(error(creation("/gone/", 0))).isEqualTo(Errors.NO_NODE);
        assertThat(error(creation(root + "/", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(creation(root + "/.", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(creation(root + "/..", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(creation(root + "/\u0001", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(creation(root + "/\u0085", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(creation(root + "/\ue123", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(creation(root + "/\ufff3", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void createRefusesPathsWithoutSlashOrWithNul() {
        assertThat(error(creation("x", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(creation("", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
        assertThat(error(creation("/gone/a\u0000", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void createUnderTheRootItselfAnswersNodeExistsOrBadPath() {
        assertThat(error(creation("/", 0))).isEqualTo(Errors.NODE_EXISTS);
        assertThat(error(creation("//", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void sequentialCreateChecksThePathWithItsSuffix() {
        assertThat(create(root + "/", Operation.SEQUENTIAL)).isEqualTo(root + "/0000000000");
        assertThat(create(root + "/.", Operation.SEQUENTIAL)).isEqualTo(root + "/.0000000001");
    }

    @Test
    void createAnswersNodeExistsBeforeNoChildrenForEphemerals() {
        session.ok(creation(root + "/e", Operation.EPHEMERAL));
        assertThat(error(creation(root + "/e/x", 0))).isEqualTo(Errors.NO_CHILDREN_FOR_EPHEMERALS);
        assertThat(error(creation(root + "/e", 0))).isEqualTo(Errors.NODE_EXISTS);
        assertThat(error(creation(root + "/e/", 0))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void deleteAnswersNoNodeForMissingNodeAndMissingParent() {
        assertThat(error(Operation.delete(root + "/gone", -1))).isEqualTo(Errors.NO_NODE);
        assertThat(error(Operation.delete("/gone/x", -1))).isEqualTo(Errors.NO_NODE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/zookeeper"})
    void deleteRefusesTheServersOwnZnodes(String path) {
        assertThat(error(Operation.delete(path, -1))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "noslash"})
    void deleteRefusesPathsWithoutSlash(String path) {
        assertThat(error(Operation.delete(path, -1))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void deleteAnswersNoAuthBeforeNoNodeBadVersionAndNotEmpty() {
        create(root + "/a");
        create(root + "/a/b");
        session.ok(Operation.setAcl(root, READ_ONLY, -1));
        assertThat(error(Operation.delete(root + "/gone", -1))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.delete(root + "/a", WRONG))).isEqualTo(Errors.NO_AUTH);
    }

    @Test
    void deleteNeedsNoPermissionOnTheZnodeItself() {
        session.ok(Operation.create(root + "/locked", null, NOBODY, 0));
        assertThat(error(Operation.delete(root + "/locked", -1))).isZero();
    }

    @Test
    void deleteAnswersBadVersionBeforeNotEmpty() {
        create(root + "/a");
        create(root + "/a/b");
        assertThat(error(Operation.delete(root + "/a", WRONG))).isEqualTo(Errors.BAD_VERSION);
        assertThat(error(Operation.delete(root + "/a", 0))).isEqualTo(Errors.NOT_EMPTY);
    }

    @Test
    void setDataAnswersNoNodeThenNoAuthThenBadVersion() {
        assertThat(error(Operation.setData(root + "/gone", null, WRONG))).isEqualTo(Errors.NO_NODE);
        session.ok(Operation.create(root + "/locked", null, READ_ONLY, 0));
        assertThat(error(Operation.setData(root + "/locked", null, WRONG))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.setData(root, null, WRONG))).isEqualTo(Errors.BAD_VERSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "noslash", "/a//b", "/a/", "/a/./b", "/\u0001"})
    void setDataChecksThePathFirst(String path) {
        assertThat(error(Operation.setData(path, null, -1))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void setAclAnswersBadAclThenNoNodeThenNoAuthThenBadVersion() {
        assertThat(error(Operation.setAcl(root + "/gone", List.of(), -1))).isEqualTo(Errors.INVALID_ACL);
        assertThat(error(Operation.setAcl(root + "/gone", null, -1))).isEqualTo(Errors.INVALID_ACL);
        assertThat(error(Operation.setAcl(root + "/gone", READ_ONLY, -1))).isEqualTo(Errors.NO_NODE);
        session.ok(Operation.create(root + "/locked", null, READ_ONLY, 0));
        assertThat(error(Operation.setAcl(root + "/locked", READ_ONLY, WRONG))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.setAcl(root, READ_ONLY, WRONG))).isEqualTo(Errors.BAD_VERSION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noslash", "/a//b", "/a/"})
    void setAclChecksThePathFirst(String path) {
        assertThat(error(Operation.setAcl(path, List.of(), -1))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void readsDoNotCheckThePath() {
        assertThat(error(Operation.getData("/a//b", false))).isEqualTo(Errors.NO_NODE);
        assertThat(error(Operation.getData("noslash", false))).isEqualTo(Errors.NO_NODE);
        assertThat(error(Operation.getChildren("/gone/", false))).isEqualTo(Errors.NO_NODE);
        assertThat(error(Operation.getData("", false))).isZero();
    }

    @Test
    void readsAnswerNoNodeBeforeNoAuth() {
        session.ok(Operation.create(root + "/locked", null, NOBODY, 0));
        assertThat(error(Operation.getData(root + "/locked/gone", false))).isEqualTo(Errors.NO_NODE);
        assertThat(error(Operation.getData(root + "/locked", false))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.getChildren(root + "/locked", false))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.getChildren2(root + "/locked", false))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.getAcl(root + "/locked"))).isEqualTo(Errors.NO_AUTH);
    }

    @Test
    void existsNeedsReadOnlyWhenTheZnodeIsThere() {
        session.ok(Operation.create(root + "/locked", null, NOBODY, 0));
        assertThat(error(Operation.exists(root + "/locked", false))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.exists(root + "/locked/gone", false))).isEqualTo(Errors.NO_NODE);
    }

    @Test
    void existsThatIsRefusedLeavesNoWatch() {
        session.ok(Operation.create(root + "/locked", null, NOBODY, 0));
        RawSession watcher = newSession();
        assertThat(watcher.call(Operation.exists(root + "/locked", true)).error())
                .isEqualTo(Errors.NO_AUTH);
        delete(root + "/locked");
        assertThat(watcher.takeEvents()).isEmpty();
    }

    @Test
    void aFailedWriteUsesAZxidAndTellsIt() {
        long before = session.ok(Operation.setData(root, null, -1)).zxid();
        long failed = session.call(Operation.setData(root + "/gone", null, -1)).zxid();
        long after = session.ok(Operation.setData(root, null, -1)).zxid();
        assertThat(failed).isEqualTo(before + 1);
        assertThat(after).isEqualTo(before + 2);
    }

    @Test
    void clientsMayCreateBelowTheServersOwnZnodes() {
        assertThat(error(creation("/zookeeper" + root, 0))).isZero();
        assertThat(error(Operation.delete("/zookeeper" + root, -1))).isZero();
    }

    private static Operation creation(String path, int flags) {
        return Operation.create(path, new byte[0], flags);
    }

    private static List<ACL> acl(String scheme, String id) {
        return List.of(new ACL(ZooDefs.Perms.ALL, new Id(scheme, id)));
    }
}
