package io.coord.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.tls.TlsFiles;
import io.coord.server.EmbeddedServerConfig;
import io.coord.server.EnsembleSettings;
import io.coord.server.EnsembleTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleMemberTest {
    private static final String[] MEMBERS = {
        "server.1=127.0.0.1:2001:3001",
        "server.2=127.0.0.1:2002:3002",
        "server.3=127.0.0.1:2003:3003",
        "server.4=127.0.0.1:2004:3004:observer"
    };

    @TempDir
    Path directory;

    private EmbeddedServerConfig read(String myId, String... lines) throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        if (!myId.isEmpty()) {
            Files.writeString(data.resolve("myid"), myId + "\n");
        }
        List<String> all = new ArrayList<>(List.of("dataDir=" + data, "clientPort=2181", "tickTime=2000"));
        all.addAll(List.of(lines));
        Path file = directory.resolve("zoo.cfg");
        Files.write(file, all);
        return EnsembleMember.of(file, ServerConfigReader.read(file, Map.of(), notice -> {}));
    }

    private static String[] with(String... lines) {
        List<String> all = new ArrayList<>(List.of(MEMBERS));
        all.addAll(List.of(lines));
        return all.toArray(String[]::new);
    }

    @Test
    void aFileWithSeveralServersMakesAMember() throws IOException {
        EnsembleSettings settings = Objects.requireNonNull(
                read("4", with("initLimit=10", "syncLimit=5")).ensemble());

        assertThat(settings.id()).isEqualTo(4);
        assertThat(settings.members())
                .containsExactly(
                        new EnsembleSettings.Member(1, "127.0.0.1", 2001, 3001, false),
                        new EnsembleSettings.Member(2, "127.0.0.1", 2002, 3002, false),
                        new EnsembleSettings.Member(3, "127.0.0.1", 2003, 3003, false),
                        new EnsembleSettings.Member(4, "127.0.0.1", 2004, 3004, true));
        assertThat(settings.listenOnAllAddresses()).isFalse();
        // Half of the shortest session, since five ticks are longer than that.
        assertThat(settings.syncTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void membersSpeakTlsWhenTheFileSaysSo() throws IOException {
        String[] lines = with(
                "initLimit=10",
                "syncLimit=5",
                "sslQuorum=true",
                "sslQuorumReloadCertFiles=true",
                "ssl.quorum.keyStore.location=/keys.pem",
                "ssl.quorum.trustStore.location=/trust.p12",
                "ssl.quorum.trustStore.password=secret",
                "ssl.quorum.hostnameVerification=false",
                "ssl.quorum.enabledProtocols=TLSv1.3");

        EnsembleTls tls = Objects.requireNonNull(
                Objects.requireNonNull(read("1", lines).ensemble()).tls());

        assertThat(tls.reload()).isTrue();
        assertThat(tls.hostnameVerification()).isFalse();
        assertThat(tls.config().protocols()).containsExactly("TLSv1.3");
        TlsFiles files = (TlsFiles) tls.config().source();
        assertThat(Objects.requireNonNull(files.keyStore()).location()).isEqualTo(Path.of("/keys.pem"));
        assertThat(Objects.requireNonNull(files.trustStore()).location()).isEqualTo(Path.of("/trust.p12"));
    }

    @Test
    void tlsBetweenMembersNeedsAKeyStoreAndIsOffByDefault() throws IOException {
        String[] off = with("initLimit=10", "syncLimit=5", "ssl.quorum.keyStore.location=/keys.pem");

        assertThat(Objects.requireNonNull(read("1", off).ensemble()).tls()).isNull();
        assertThatThrownBy(() -> read("1", with("initLimit=10", "syncLimit=5", "sslQuorum=true")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("sslQuorum")
                .hasMessageContaining("ssl.quorum.keyStore.location");
    }

    @Test
    void anEnsembleIsCalledAsItsFileSays() throws IOException {
        String[] unnamed = with("initLimit=10", "syncLimit=5");
        String[] named = with("initLimit=10", "syncLimit=5", "ensembleName=orders-2");

        assertThat(Objects.requireNonNull(read("1", unnamed).ensemble()).name()).isEqualTo("coord");
        assertThat(Objects.requireNonNull(read("1", named).ensemble()).name()).isEqualTo("orders-2");
        assertThatThrownBy(() -> read("1", with("initLimit=10", "syncLimit=5", "ensembleName=a b")))
                .hasMessageContaining("ensembleName")
                .hasMessageContaining("letters, digits");
    }

    @Test
    void oneServerAloneIsASingleServer() throws IOException {
        assertThat(read("1", "server.1=127.0.0.1:2001:3001").ensemble()).isNull();
    }

    @Test
    void aShorterSyncLimitIsKept() throws IOException {
        EnsembleSettings settings = Objects.requireNonNull(
                read("1", with("initLimit=10", "syncLimit=1", "minSessionTimeout=60000", "maxSessionTimeout=60000"))
                        .ensemble());

        assertThat(settings.syncTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whatIsMissingOrNotThereYetIsSaid() {
        assertThatThrownBy(() -> read("", with("initLimit=10", "syncLimit=5")))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("myid is missing");
        assertThatThrownBy(() -> read("7", with("initLimit=10", "syncLimit=5")))
                .hasMessageContaining("says 7, and there is no line server.7");
        assertThatThrownBy(() -> read("1", with("syncLimit=5"))).hasMessageContaining("initLimit is not set");
        assertThatThrownBy(() -> read("1", with("initLimit=5"))).hasMessageContaining("syncLimit is not set");
        assertThatThrownBy(() -> read("1", with("initLimit=10", "syncLimit=5", "group.1=1:2:3")))
                .hasMessageContaining("hierarchical quorums, which are not there yet");
        assertThatThrownBy(() -> read("1", with("initLimit=10", "syncLimit=5", "server.5=a:1:2|b:1:2")))
                .hasMessageContaining("several addresses, which is not there yet");
    }
}
