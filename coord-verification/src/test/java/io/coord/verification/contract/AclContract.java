package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.Test;

/** Who may do what, and as whom a connection counts. */
abstract class AclContract extends ServerContract {
    private static final byte[] BOB = bytes("bob:secret");
    private static final byte[] EVE = bytes("eve:guess");

    @Test
    void authSchemeBecomesTheIdsOfTheConnection() throws Exception {
        session.authenticate("digest", BOB);
        session.authenticate("digest", EVE);
        session.ok(Operation.create(root + "/mine", null, ZooDefs.Ids.CREATOR_ALL_ACL, 0));
        assertThat(acl(session, root + "/mine").getAcl())
                .containsExactlyInAnyOrder(
                        new ACL(Perms.ALL, new Id("digest", digest("bob:secret"))),
                        new ACL(Perms.ALL, new Id("digest", digest("eve:guess"))));
    }

    @Test
    void digestGuardsDataFromOthers() throws Exception {
        session.ok(Operation.create(root + "/bobs", bytes("x"), forBob(Perms.ALL), 0));
        assertThat(error(Operation.getData(root + "/bobs", false))).isEqualTo(Errors.NO_AUTH);
        RawSession eve = newSession();
        assertThat(eve.authenticate("digest", EVE).error()).isZero();
        assertThat(eve.call(Operation.getData(root + "/bobs", false)).error()).isEqualTo(Errors.NO_AUTH);
        RawSession bob = newSession();
        Frame reply = bob.authenticate("digest", BOB);
        assertThat(reply.error()).isZero();
        assertThat(reply.zxid()).isZero();
        assertThat(reply.body()).isEmpty();
        bob.ok(Operation.getData(root + "/bobs", false));
    }

    @Test
    void eachPermissionAllowsItsOwnOperations() throws Exception {
        RawSession bob = newSession();
        bob.authenticate("digest", BOB);
        for (int perms : new int[] {Perms.READ, Perms.WRITE, Perms.CREATE, Perms.DELETE, Perms.ADMIN}) {
            String path = root + "/p" + perms;
            create(path);
            create(path + "/child");
            session.ok(Operation.setAcl(path, forBob(perms), -1));
            assertThat(bob.call(Operation.getData(path, false)).error())
                    .as("getData with %d", perms)
                    .isEqualTo(allowed(perms == Perms.READ));
            assertThat(bob.call(Operation.getChildren(path, false)).error())
                    .as("getChildren with %d", perms)
                    .isEqualTo(allowed(perms == Perms.READ));
            assertThat(bob.call(Operation.exists(path, false)).error())
                    .as("exists with %d", perms)
                    .isEqualTo(allowed(perms == Perms.READ));
            assertThat(bob.call(Operation.getAcl(path)).error())
                    .as("getACL with %d", perms)
                    .isEqualTo(allowed(perms == Perms.READ || perms == Perms.ADMIN));
            assertThat(bob.call(Operation.setData(path, null, -1)).error())
                    .as("setData with %d", perms)
                    .isEqualTo(allowed(perms == Perms.WRITE));
            assertThat(bob.call(Operation.create(path + "/new", null, 0)).error())
                    .as("create with %d", perms)
                    .isEqualTo(allowed(perms == Perms.CREATE));
            assertThat(bob.call(Operation.delete(path + "/child", -1)).error())
                    .as("delete with %d", perms)
                    .isEqualTo(allowed(perms == Perms.DELETE));
            assertThat(bob.call(Operation.setAcl(path, forBob(perms), -1)).error())
                    .as("setACL with %d", perms)
                    .isEqualTo(allowed(perms == Perms.ADMIN));
        }
    }

    @Test
    void getAclMasksDigestHashesWithoutAdmin() throws Exception {
        List<ACL> acl = List.of(
                new ACL(Perms.ALL, new Id("digest", digest("bob:secret"))),
                new ACL(Perms.READ, ZooDefs.Ids.ANYONE_ID_UNSAFE));
        session.ok(Operation.create(root + "/masked", null, acl, 0));
        assertThat(acl(session, root + "/masked").getAcl())
                .containsExactly(
                        new ACL(Perms.ALL, new Id("digest", "bob:x")),
                        new ACL(Perms.READ, ZooDefs.Ids.ANYONE_ID_UNSAFE));
        session.authenticate("digest", BOB);
        assertThat(acl(session, root + "/masked").getAcl()).isEqualTo(acl);
    }

    @Test
    void removesDuplicateEntriesAndKeepsTheirOrder() {
        ACL world = new ACL(Perms.ALL, ZooDefs.Ids.ANYONE_ID_UNSAFE);
        ACL ip = new ACL(Perms.READ, new Id("ip", "10.0.0.0/8"));
        session.ok(Operation.create(root + "/twice", null, List.of(world, ip, world, ip), 0));
        assertThat(acl(session, root + "/twice").getAcl()).containsExactly(world, ip);
    }

    @Test
    void ipSchemeMatchesTheAddressOfTheConnection() {
        session.ok(Operation.create(root + "/here", null, List.of(new ACL(Perms.ALL, new Id("ip", "127.0.0.1"))), 0));
        session.ok(Operation.create(root + "/net", null, List.of(new ACL(Perms.ALL, new Id("ip", "127.0.0.0/8"))), 0));
        session.ok(Operation.create(root + "/there", null, List.of(new ACL(Perms.ALL, new Id("ip", "10.0.0.0/8"))), 0));
        assertThat(error(Operation.getData(root + "/here", false))).isZero();
        assertThat(error(Operation.getData(root + "/net", false))).isZero();
        assertThat(error(Operation.getData(root + "/there", false))).isEqualTo(Errors.NO_AUTH);
    }

    @Test
    void anUnknownSchemeIsAnsweredAndTheConnectionClosed() {
        RawSession sender = newSession();
        Frame reply = sender.authenticate("nonsense", BOB);
        assertThat(reply.error()).isEqualTo(Errors.AUTH_FAILED);
        assertThat(sender.connection().isClosedByServer()).isTrue();
    }

    @Test
    void authIsOfTheConnectionNotOfTheSession() throws Exception {
        session.ok(Operation.create(root + "/bobs", null, forBob(Perms.ALL), 0));
        RawSession bob = newSession();
        bob.authenticate("digest", BOB);
        bob.ok(Operation.getData(root + "/bobs", false));
        RawSession again = keep(RawSession.reattach(server().port(), bob, 0));
        assertThat(again.call(Operation.getData(root + "/bobs", false)).error()).isEqualTo(Errors.NO_AUTH);
    }

    @Test
    void appliesToRequestsPipelinedBehindIt() throws Exception {
        session.ok(Operation.create(root + "/bobs", null, forBob(Perms.ALL), 0));
        RawSession bob = newSession();
        bob.send(-4, Operation.auth("digest", BOB));
        bob.send(1, Operation.setData(root + "/bobs", null, -1));
        bob.send(2, Operation.getData(root + "/bobs", false));
        assertThat(List.of(
                        bob.receive().error(),
                        bob.receive().error(),
                        bob.receive().error()))
                .containsOnly(0);
    }

    @Test
    void aclOfAnEphemeralAndOfASequentialIsKept() throws Exception {
        Frame reply =
                session.ok(Operation.create(root + "/e", null, forBob(Perms.READ), Operation.EPHEMERAL_SEQUENTIAL));
        assertThat(reply.error()).isZero();
        RawSession bob = newSession();
        bob.authenticate("digest", BOB);
        assertThat(bob.ok(Operation.exists(root + "/e0000000000", false)).error())
                .isZero();
        assertThat(error(Operation.exists(root + "/e0000000000", false))).isEqualTo(Errors.NO_AUTH);
    }

    private static int allowed(boolean expected) {
        return expected ? 0 : Errors.NO_AUTH;
    }

    private static List<ACL> forBob(int perms) throws Exception {
        return List.of(new ACL(perms, new Id("digest", digest("bob:secret"))));
    }

    private static String digest(String idPassword) throws Exception {
        return DigestAuthenticationProvider.generateDigest(idPassword);
    }
}
