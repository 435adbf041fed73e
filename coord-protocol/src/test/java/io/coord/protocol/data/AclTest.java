package io.coord.protocol.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

class AclTest {
    @Test
    void listsAreReadAsWrittenAndNoFurtherWhetherTheyAreTheOpenOneOrNearlyIt() {
        List<List<Acl>> lists = List.of(
                Acl.OPEN,
                Acl.WORLD_READ,
                Acl.CREATOR_ALL,
                List.of(),
                List.of(new Acl(Acl.ALL, Id.ANYONE), new Acl(Acl.READ, Id.ANYONE)),
                List.of(new Acl(Acl.ALL, new Id("world", "anyonf"))),
                List.of(new Acl(Acl.ALL, new Id("worle", "anyone"))),
                List.of(new Acl(Acl.ALL | 1 << 8, Id.ANYONE)));
        for (List<Acl> each : lists) {
            ByteBuf buffer = written(each);
            WireReader in = new WireReader(buffer.writeInt(77));

            assertThat(Acl.decodeList(in)).isEqualTo(each);
            assertThat(in.readInt()).isEqualTo(77);
            assertThat(in.remaining()).isZero();
        }
    }

    @Test
    void theOpenListIsOneObject() {
        assertThat(Acl.decodeList(new WireReader(written(Acl.OPEN)))).isSameAs(Acl.OPEN);
    }

    @Test
    void anOpenListThatIsCutShortIsMalformed() {
        ByteBuf whole = written(Acl.OPEN);
        for (int length = 0; length < whole.readableBytes(); length++) {
            WireReader in = new WireReader(whole.slice(0, length));

            assertThatThrownBy(() -> Acl.decodeList(in)).isInstanceOf(MalformedRecordException.class);
        }
    }

    private static ByteBuf written(List<Acl> list) {
        ByteBuf buffer = Unpooled.buffer();
        new WireWriter(buffer).writeVector(list, Acl::encode);
        return buffer;
    }
}
