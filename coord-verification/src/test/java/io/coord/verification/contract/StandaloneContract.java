package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawConnection;
import io.coord.verification.wire.RawSession;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.GetSASLRequest;
import org.apache.zookeeper.proto.ReconfigRequest;
import org.apache.zookeeper.proto.SetSASLResponse;
import org.junit.jupiter.api.Test;

/** What a server says of what it has not: an ensemble, users of SASL. And the znode where an ensemble would be. */
abstract class StandaloneContract extends ServerContract {
    private static final String CONFIG = "/zookeeper/config";

    @Test
    void reconfigIsDisabled() {
        Operation reconfig = Operation.of(OpCode.reconfig, new ReconfigRequest("server.2=x:1:2;3", null, null, -1));
        assertThat(error(reconfig)).isEqualTo(Errors.RECONFIG_DISABLED);
        assertThat(session.ping().error()).isZero();
    }

    @Test
    void theConfigurationIsEmptyAndForReadingOnly() {
        GetDataResponse config = session.ok(Operation.getData(CONFIG, false)).into(new GetDataResponse());
        assertThat(config.getData()).isEmpty();
        assertThat(config.getStat().getVersion()).isZero();
        assertThat(acl(session, CONFIG).getAcl()).containsExactly(new ACL(Perms.READ, ZooDefs.Ids.ANYONE_ID_UNSAFE));
        assertThat(error(Operation.setData(CONFIG, bytes("x"), -1))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.create(CONFIG + "/x", null, 0))).isEqualTo(Errors.NO_AUTH);
        assertThat(error(Operation.delete(CONFIG, -1))).isEqualTo(Errors.BAD_ARGUMENTS);
    }

    @Test
    void theConfigurationCanBeWatched() {
        session.ok(Operation.getData(CONFIG, true));
        session.ok(Operation.addWatch(CONFIG, 0));
        assertThat(error(Operation.removeWatches(CONFIG, 4))).isZero();
    }

    @Test
    void thePresetZnodesHaveStatsOfZero() {
        for (String path : new String[] {"/zookeeper", "/zookeeper/quota", CONFIG}) {
            Stat stat = stat(path);
            assertThat(stat.getCzxid()).as(path).isZero();
            assertThat(stat.getVersion()).as(path).isZero();
            assertThat(stat.getAversion()).as(path).isEqualTo(path.equals(CONFIG) ? -1 : 0);
        }
    }

    @Test
    void saslWithoutUsersIsAnsweredWithNothing() {
        Frame reply = session.call(Operation.of(OpCode.sasl, new GetSASLRequest(new byte[0])));
        assertThat(reply.error()).isZero();
        assertThat(reply.zxid()).isZero();
        assertThat(reply.into(new SetSASLResponse()).getToken()).isNull();
        assertThat(session.ping().error()).isZero();
    }

    @Test
    void aClientThatWouldDoWithReadingOnlyGetsAServerThatWrites() {
        RawSession modest = keep(RawSession.connect(
                server().port(), new ConnectRequest(0, 0, RawSession.TIMEOUT_MS, 0, new byte[16], true)));
        assertThat(modest.ok(Operation.create(root + "/written", null, 0)).error())
                .isZero();
    }

    @Test
    void aClientFromTheFutureIsSentAwayWithoutAWord() {
        RawConnection connection = newConnection();
        connection.sendFrame(RawConnection.encode(
                new ConnectRequest(0, Long.MAX_VALUE, RawSession.TIMEOUT_MS, 0, new byte[16], false)));
        assertThat(connection.isClosedByServer()).isTrue();
    }
}
