package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawConnection;
import io.coord.verification.wire.RawSession;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.proto.ConnectRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Handshakes in both dialects and what no good client sends: the sender bears the consequences, nobody else. */
abstract class BadInputContract extends ServerContract {
    private static final int DEFAULT_MOST_FRAME_BYTES = 0xfffff;

    @AfterEach
    void othersNoticedNothing() {
        session.ok(Operation.setData(root, bytes("still here"), -1));
        assertThat(newSession().ok(Operation.getData(root, false)).error()).isZero();
    }

    @Test
    void answersTheOldDialectInTheOldDialect() {
        RawConnection connection = newConnection();
        byte[] today = RawConnection.encode(new ConnectRequest(0, 0, 5000, 0, new byte[16], false));
        assertThat(today).hasSize(45);
        connection.sendFrame(Arrays.copyOf(today, 44));
        assertThat(connection.receiveFrame()).hasSize(36);
        connection.sendFrame(RawConnection.request(-2, OpCode.ping, new byte[0]));
        assertThat(connection.receive().xid()).isEqualTo(-2);
    }

    @Test
    void answersTodaysDialectWithTheReadOnlyByte() {
        RawConnection connection = newConnection();
        connection.sendFrame(RawConnection.encode(new ConnectRequest(0, 0, 5000, 0, new byte[16], true)));
        byte[] answer = connection.receiveFrame();
        assertThat(answer).hasSize(37);
        assertThat(answer[36]).as("a serving server is not read-only").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {999, -77, 50, 10, 13, 0})
    void answersUnknownOperationsAndCloses(int op) {
        RawSession sender = newSession();
        byte[] body = op == 13 ? Operation.check(root, -1).body() : new byte[0];
        sender.send(7, new Operation(op, body));
        Frame reply = sender.receive();
        assertThat(reply.xid()).isEqualTo(7);
        assertThat(reply.error()).isEqualTo(Errors.UNIMPLEMENTED);
        assertThat(sender.connection().isClosedByServer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                OpCode.create,
                OpCode.create2,
                OpCode.delete,
                OpCode.setData,
                OpCode.setACL,
                OpCode.multi,
                OpCode.createContainer,
                OpCode.createTTL
            })
    void answersMarshallingErrorToAWriteCutShortAndGoesOn(int op) {
        long before = session.ok(Operation.setData(root, null, -1)).zxid();
        byte[] cut = {0, 0, 0, 9, '/', 'a'};
        Frame reply = session.call(new Operation(op, cut));
        assertThat(reply.error()).isEqualTo(Errors.MARSHALLING_ERROR);
        assertThat(reply.body()).isEmpty();
        assertThat(session.ok(Operation.setData(root, null, -1)).zxid())
                .as("a malformed write may use a zxid, never two")
                .isBetween(before + 1, before + 2);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                OpCode.exists,
                OpCode.getData,
                OpCode.getACL,
                OpCode.getChildren,
                OpCode.getChildren2,
                OpCode.sync,
                OpCode.setWatches,
                OpCode.setWatches2,
                OpCode.addWatch,
                OpCode.checkWatches,
                OpCode.multiRead,
                OpCode.getEphemerals,
                OpCode.getAllChildrenNumber,
                OpCode.removeWatches
            })
    void answersMarshallingErrorToAReadCutShortAndGoesOn(int op) {
        Frame reply = session.call(new Operation(op, new byte[] {0, 0, 0, 9, '/', 'a'}));
        assertThat(reply.error()).isEqualTo(Errors.MARSHALLING_ERROR);
        assertThat(session.ping().error()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -2, 500_000})
    void answersMarshallingErrorToAbsurdInnerLengths(int length) {
        byte[] absurd = ByteBuffer.allocate(12).putInt(length).array();
        assertThat(error(new Operation(OpCode.getData, absurd))).isEqualTo(Errors.MARSHALLING_ERROR);
        assertThat(error(new Operation(OpCode.create, absurd))).isEqualTo(Errors.MARSHALLING_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {OpCode.getData, OpCode.exists, OpCode.create, OpCode.delete, OpCode.getChildren})
    void answersMarshallingErrorToANullPath(int op) {
        byte[] nullPath = ByteBuffer.allocate(20).putInt(-1).array();
        assertThat(error(new Operation(op, nullPath))).isEqualTo(Errors.MARSHALLING_ERROR);
    }

    /** ZooKeeper looks at the path of a setData before it notices that it is null; ours does not read it. */
    @Test
    void refusesANullPathOfASetData() {
        byte[] nullPath = ByteBuffer.allocate(20).putInt(-1).array();
        assertThat(error(new Operation(OpCode.setData, nullPath)))
                .isEqualTo(isCoord() ? Errors.MARSHALLING_ERROR : Errors.BAD_ARGUMENTS);
    }

    @Test
    void ignoresBytesBehindARequest() {
        byte[] body = Operation.exists(root, false).body();
        assertThat(error(new Operation(OpCode.exists, Arrays.copyOf(body, body.length + 5))))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, DEFAULT_MOST_FRAME_BYTES + 1_000_000, Integer.MAX_VALUE})
    void closesOnAnImpossibleFrameLength(int length) {
        RawSession sender = newSession();
        sender.connection().sendBytes(ByteBuffer.allocate(4).putInt(length).array());
        assertThat(sender.connection().isClosedByServer()).isTrue();
    }

    @Test
    void closesOnAnEmptyFrame() {
        RawSession sender = newSession();
        sender.connection().sendBytes(new byte[4]);
        assertThat(sender.connection().isClosedByServer()).isTrue();
    }

    @Test
    void closesOnAFrameTooShortForAHeader() {
        RawSession sender = newSession();
        sender.connection().sendFrame(new byte[] {0, 0, 0, 1, 0});
        assertThat(sender.connection().isClosedByServer()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, Integer.MAX_VALUE})
    void closesOnAnImpossibleLengthBeforeTheHandshake(int length) {
        RawConnection sender = newConnection();
        sender.sendBytes(ByteBuffer.allocate(4).putInt(length).array());
        assertThat(sender.isClosedByServer()).isTrue();
    }

    @Test
    void closesOnAHandshakeCutShort() {
        RawConnection sender = newConnection();
        sender.sendFrame(new byte[20]);
        assertThat(sender.isClosedByServer()).isTrue();
    }

    @Test
    void takesAFrameOfNearlyTheLargestSize() {
        byte[] large = new byte[1_000_000];
        session.ok(Operation.setData(root, large, -1));
        assertThat(stat(root).getDataLength()).isEqualTo(large.length);
        session.ok(Operation.setData(root, null, -1));
    }

    @Test
    void takesRequestsThatArriveByteByByteOrManyAtOnce() throws IOException {
        RawSession sender = newSession();
        for (byte each : framed(1, Operation.exists(root, false))) {
            sender.connection().sendBytes(new byte[] {each});
        }
        assertThat(sender.receive().xid()).isEqualTo(1);
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int xid = 2; xid < 200; xid++) {
            many.write(framed(xid, Operation.exists(root, false)));
        }
        sender.connection().sendBytes(many.toByteArray());
        for (int xid = 2; xid < 200; xid++) {
            assertThat(sender.receive().xid()).isEqualTo(xid);
        }
    }

    @Test
    void survivesAClientThatVanishesInTheMiddleOfARequest() throws IOException {
        RawSession sender = newSession();
        byte[] whole = framed(1, Operation.create(root + "/never", null, 0));
        sender.connection().sendBytes(Arrays.copyOf(whole, whole.length - 1));
        sender.close();
        assertThat(exists(root + "/never")).isFalse();
    }

    private static byte[] framed(int xid, Operation operation) throws IOException {
        byte[] request = RawConnection.request(xid, operation.code(), operation.body());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DataOutputStream(out).writeInt(request.length);
        out.write(request);
        return out.toByteArray();
    }
}
