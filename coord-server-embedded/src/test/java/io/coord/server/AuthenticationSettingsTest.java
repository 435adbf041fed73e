package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.GetAclRequest;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.GetSaslRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server is told about who its clients are. */
@Timeout(60)
class AuthenticationSettingsTest {
    private static final List<Acl> NOBODYS = List.of(new Acl(Acl.ALL, new Id("digest", "nobody:x")));
    private static final AuthPacket BOB = new AuthPacket(0, "digest", "bob:secret".getBytes(StandardCharsets.UTF_8));

    private static ErrorCode error(RawClient client, int xid, Request request) {
        return ErrorCode.of(client.call(xid, request).header().error());
    }

    @Test
    void whereASchemeIsRequiredNothingElseComesFirst() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .port(0)
                        .requiredAuthSchemes(Set.of("digest"))
                        .start();
                RawClient stranger = RawClient.session(server.port());
                RawClient known = RawClient.session(server.port());
                RawClient impatient = RawClient.session(server.port())) {
            assertThat(error(stranger, 1, new GetDataRequest("/", false)))
                    .isEqualTo(ErrorCode.SESSION_CLOSED_REQUIRES_SASL_AUTH);
            assertThat(stranger.isClosedByServer()).isTrue();
            assertThat(error(impatient, -2, PingRequest.INSTANCE))
                    .isEqualTo(ErrorCode.SESSION_CLOSED_REQUIRES_SASL_AUTH);
            assertThat(error(known, -4, BOB)).isEqualTo(ErrorCode.OK);
            assertThat(error(known, 1, new GetDataRequest("/", false))).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void aclsCanBeSkipped() {
        try (EmbeddedServer server =
                        EmbeddedServer.builder().port(0).skipAcl(true).start();
                RawClient anyone = RawClient.session(server.port())) {
            assertThat(error(anyone, 1, new CreateRequest(OpCode.CREATE, "/a", null, NOBODYS, 0)))
                    .isEqualTo(ErrorCode.OK);
            assertThat(error(anyone, 2, new GetDataRequest("/a", false))).isEqualTo(ErrorCode.OK);
            assertThat(error(anyone, 3, new CreateRequest(OpCode.CREATE, "/a/b", null, NOBODYS, 0)))
                    .isEqualTo(ErrorCode.OK);
            assertThat(error(anyone, 4, new DeleteRequest("/a/b", -1))).isEqualTo(ErrorCode.OK);
            assertThat(error(anyone, 5, new GetAclRequest("/a"))).isEqualTo(ErrorCode.OK);
            assertThat(error(anyone, 6, new CreateRequest(OpCode.CREATE, "/c", null, List.of(), 0)))
                    .as("an ACL must be one all the same")
                    .isEqualTo(ErrorCode.INVALID_ACL);
        }
    }

    @Test
    void withUsersOfSaslAWrongAnswerEndsTheConnection() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                        .port(0)
                        .saslUser("bob", "bobsecret")
                        .start();
                RawClient stranger = RawClient.session(server.port())) {
            assertThat(error(stranger, 1, new GetSaslRequest(new byte[0]))).isEqualTo(ErrorCode.OK);
            assertThat(error(stranger, 2, new GetSaslRequest(new byte[] {'x'}))).isEqualTo(ErrorCode.AUTH_FAILED);
            assertThat(stranger.isClosedByServer()).isTrue();
        }
    }

    @Test
    void whereReconfigIsEnabledThereIsStillNoEnsemble() {
        try (EmbeddedServer server =
                        EmbeddedServer.builder().port(0).reconfigEnabled(true).start();
                RawClient client = RawClient.session(server.port())) {
            assertThat(error(client, 1, new ReconfigRequest(null, "1", null, -1)))
                    .isEqualTo(ErrorCode.UNIMPLEMENTED);
            assertThat(error(client, -2, PingRequest.INSTANCE)).isEqualTo(ErrorCode.OK);
        }
    }

    @Test
    void aWrongSettingIsNamed() {
        assertThatThrownBy(
                        () -> EmbeddedServer.builder().digestAlgorithm("ROT13").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("digestAlgorithm is ROT13");
        assertThatThrownBy(() -> EmbeddedServer.builder()
                        .requiredAuthSchemes(Set.of("kerberos"))
                        .build())
                .hasMessageContaining("kerberos");
        assertThatThrownBy(() -> EmbeddedServer.builder().saslSuperUser("bob").build())
                .hasMessageContaining("saslSuperUsers has bob");
        assertThatThrownBy(() -> EmbeddedServer.builder().superDigest("secret").build())
                .hasMessage("superDigest is not user:hash");
        assertThatThrownBy(() -> EmbeddedServer.builder().maxConnections(-1).build())
                .hasMessageContaining("maxConnections is -1");
    }

    @Test
    void settingsAreShownWithoutSecrets() {
        String shown = EmbeddedServer.builder()
                .saslUser("bob", "bobsecret")
                .superDigest("super:hashed")
                .build()
                .config()
                .toString();
        assertThat(shown).contains("bob").doesNotContain("bobsecret").doesNotContain("hashed");
    }
}
