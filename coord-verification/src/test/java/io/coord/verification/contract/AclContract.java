package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.server.ServerUnderTest;
import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.util.List;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.proto.WhoAmIResponse;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void theSuperUserIsAboveAllAcls() {
        session.ok(
                Operation.create(root + "/nobodys", bytes("x"), List.of(new ACL(0, ZooDefs.Ids.ANYONE_ID_UNSAFE)), 0));
        RawSession admin = newSession();
        assertThat(admin.call(Operation.getData(root + "/nobodys", false)).error())
                .isEqualTo(Errors.NO_AUTH);
        assertThat(admin.authenticate("digest", bytes("super:secret")).error()).isZero();
        admin.ok(Operation.getData(root + "/nobodys", false));
        admin.ok(Operation.setData(root + "/nobodys", null, -1));
        admin.ok(Operation.create(root + "/nobodys/child", null, 0));
        admin.ok(Operation.setAcl(root + "/nobodys", ZooDefs.Ids.OPEN_ACL_UNSAFE, -1));
        assertThat(admin.ok(Operation.whoAmI()).into(new WhoAmIResponse()).getClientInfo())
                .extracting(info -> info.getAuthScheme() + ":" + info.getUser())
                .containsExactlyInAnyOrder("ip:127.0.0.1", "super:", "digest:super");
        admin.ok(Operation.create(root + "/mine", null, ZooDefs.Ids.CREATOR_ALL_ACL, 0));
        assertThat(acl(admin, root + "/mine").getAcl())
                .containsExactly(new ACL(Perms.ALL, new Id("digest", ServerUnderTest.SUPER_DIGEST)));
    }

    @Test
    void theSuperUserIsToldOfWhatOthersMayNotRead() {
        RawSession admin = newSession();
        admin.authenticate("digest", bytes("super:secret"));
        admin.ok(Operation.addWatch(root, 1));
        session.ok(Operation.addWatch(root, 1));
        session.ok(Operation.create(
                root + "/hidden", null, List.of(new ACL(Perms.WRITE, ZooDefs.Ids.ANYONE_ID_UNSAFE)), 0));
        assertThat(admin.takeEvents()).containsExactly("NodeCreated " + root + "/hidden");
        assertThat(session.takeEvents()).isEmpty();
    }

    @Test
    void noAclNamesTheSuperUser() {
        assertThat(error(Operation.create(root + "/x", null, List.of(new ACL(1, new Id("super", ""))), 0)))
                .isEqualTo(Errors.INVALID_ACL);
    }

    @ParameterizedTest
    @CsvSource({
        "ip,127.0.0.1,0",
        "ip,127.0.0.1/8,0",
        "ip,127.0.0.1/0,0",
        "ip,127.0.0.1/33,-114",
        "ip,127.0.0.1/-1,-114",
        "ip,127.0.0,-114",
        "ip,127.0.0.256,-114",
        "ip,somewhere,-114",
        "ip,::1,0",
        "ip,2001:db8::/32,0",
        "ip,2001:db8::/129,-114",
        "ip,2001:db8:::1,-114",
        "x509,'CN=ann,O=Coord',0",
        "x509,nonsense,-114",
        "sasl,ann,0",
        "sasl,ann@REALM,0",
        "sasl,ann/host@REALM,0",
        "sasl,a@b@c,-114",
        "digest,ann:hash,0",
        "digest,ann,-114",
        "digest,ann:,-114",
        "digest,:hash,0",
        "digest,a:b:c,-114",
        "world,anyone,0",
        "world,somebody,-114",
        "nonsense,x,-114"
    })
    void anAclNamesWhatItsSchemeAllows(String scheme, String id, int expected) {
        String path = root + "/named";
        assertThat(error(Operation.create(path, null, List.of(new ACL(Perms.ALL, new Id(scheme, id))), 0)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sasl", "x509", "super", "world", "auth"})
    void identitiesOfTheseSchemesCannotBeAdded(String scheme) {
        RawSession sender = newSession();
        assertThat(sender.authenticate(scheme, BOB).error()).isEqualTo(Errors.AUTH_FAILED);
        assertThat(sender.connection().isClosedByServer()).isTrue();
    }

    @Test
    void theAddressIsThereWithoutBeingAdded() {
        assertThat(session.authenticate("ip", new byte[0]).error()).isZero();
        assertThat(session.ok(Operation.whoAmI()).into(new WhoAmIResponse()).getClientInfo())
                .hasSize(1);
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
