package io.coord.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.AdminConfig;
import io.coord.server.AuthenticationConfig;
import io.coord.server.ClientAuth;
import io.coord.server.EmbeddedServerConfig;
import io.coord.server.ServerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigReaderTest {
    @TempDir
    Path directory;

    private Path file;
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void nameFile() {
        file = directory.resolve("zoo.cfg");
    }

    private ServerConfig read(String... lines) {
        return read(Map.of(), lines);
    }

    private ServerConfig read(Map<String, String> flags, String... lines) {
        try {
            Files.write(file, List.of(lines));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return ServerConfigReader.read(file, flags, notices::add);
    }

    /** With what every file needs, on lines 1 and 2. */
    private EmbeddedServerConfig server(String... lines) {
        return complete(lines).server();
    }

    private ServerConfig complete(String... lines) {
        List<String> all = new ArrayList<>(List.of("dataDir=" + directory.resolve("data"), "clientPort=2181"));
        all.addAll(List.of(lines));
        return read(all.toArray(String[]::new));
    }

    @Test
    void whatIsNotSetIsAsInZooKeeper() {
        EmbeddedServerConfig config = server();
        assertThat(config.host()).isEqualTo("0.0.0.0");
        assertThat(config.port()).isEqualTo(2181);
        assertThat(config.tickTime()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.minSessionTimeout()).isEqualTo(Duration.ofSeconds(6));
        assertThat(config.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.maxClientConnections()).isEqualTo(60);
        assertThat(config.fsync()).isTrue();
        assertThat(config.maxFrameBytes()).isEqualTo(0xfffff);
        assertThat(config.containerCheckInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.containerMaxNeverUsed()).isZero();
        assertThat(notices).isEmpty();
    }

    @Test
    void eachKeySetsWhatItSays() {
        EmbeddedServerConfig config = server(
                "dataLogDir=" + directory.resolve("log"),
                "clientPortAddress=127.0.0.1",
                "tickTime=500",
                "minSessionTimeout=700",
                "maxSessionTimeout=90000",
                "maxClientCnxns=0",
                "maxCnxns=900",
                "enforceQuota=true",
                "forceSync=no",
                "snapCount=1000",
                "preAllocSize=8",
                "jute.maxbuffer=0x1fffff",
                "znode.container.checkIntervalMs=250",
                "znode.container.maxNeverUsedIntervalMs=10000");
        assertThat(config.dataDir()).isEqualTo(directory.resolve("data"));
        assertThat(config.dataLogDir()).isEqualTo(directory.resolve("log"));
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.tickTime()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.minSessionTimeout()).isEqualTo(Duration.ofMillis(700));
        assertThat(config.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.maxClientConnections()).isZero();
        assertThat(config.maxConnections()).isEqualTo(900);
        assertThat(config.enforceQuota()).isTrue();
        assertThat(config.fsync()).isFalse();
        assertThat(config.snapshotAfterWrites()).isEqualTo(1000);
        assertThat(config.logSegmentBytes()).isEqualTo(8 << 10);
        assertThat(config.maxFrameBytes()).isEqualTo(0x1fffff);
        assertThat(config.maxResponseBytes()).isEqualTo(0x1fffff);
        assertThat(config.containerCheckInterval()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.containerMaxNeverUsed()).isEqualTo(Duration.ofSeconds(10));
        assertThat(notices).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-,-,3", "5,-,5", "5,24,5", "1,24,3", "5,0,0", "-,0,0"})
    void oldSnapshotsAreRemovedUnlessAFileSaysNever(String count, String hours, int retained) {
        List<String> lines = new ArrayList<>();
        if (!count.equals("-")) {
            lines.add("autopurge.snapRetainCount=" + count);
        }
        if (!hours.equals("-")) {
            lines.add("autopurge.purgeInterval=" + hours);
        }
        assertThat(server(lines.toArray(String[]::new)).retainedSnapshots()).isEqualTo(retained);
    }

    @Test
    void timeoutsOfMinusOneFollowTheTickWhereverThatStands() {
        EmbeddedServerConfig config = server("minSessionTimeout=-1", "maxSessionTimeout=-1", "tickTime=1000");
        assertThat(config.minSessionTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.maxSessionTimeout()).isEqualTo(Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tickTime=2s | tickTime=2s: it takes a whole number of milliseconds from 1 to 107374182",
                "tickTime=0 | tickTime=0: it takes a whole number of milliseconds from 1 to 107374182",
                "tickTime=2000 # a tick | it takes a whole number of milliseconds from 1 to 107374182 (a comment needs a line of its own)",
                "clientPort=65536 | clientPort=65536: it takes a whole number from 0 to 65535",
                "clientPort= | clientPort has no value: it takes a whole number from 0 to 65535",
                "forceSync=false | forceSync=false: it takes yes or no",
                "maxClientCnxns=many | maxClientCnxns=many: it takes a whole number of connections, -1 or more",
                "maxClientCnxns=99999999999 | maxClientCnxns=99999999999: it takes a whole number of connections",
                "preAllocSize=2097152 | preAllocSize=2097152: it takes a whole number of kilobytes from 4 to 1048576",
                "jute.maxbuffer=0xfffffff | jute.maxbuffer=0xfffffff: it takes a whole number of bytes from 1024 to 10485760",
                "minSessionTimeout=70000 | minSessionTimeout=70000: it must not be more than maxSessionTimeout, twenty ticks: 60000",
                "maxSessionTimeout=10 | maxSessionTimeout=10: it must not be less than minSessionTimeout, two ticks: 6000",
                "secureClientPort=x | secureClientPort=x: it takes a whole number from 0 to 65535",
                "secureClientPort=0 | secureClientPort=0: ssl.keyStore.location must say what the server proves its name with",
                "secureClientPortAddress=h | secureClientPortAddress=h: secureClientPort must be set, too",
                "metricsProvider.className=com.example.Own | metricsProvider.className=com.example.Own: classes are not loaded",
                "admin.commandURL=commands | admin.commandURL=commands: it takes a path like /commands",
                "admin.serverPort=none | admin.serverPort=none: it takes a whole number from 0 to 65535",
                "peerType=learner | peerType=learner: it takes participant or observer",
                "standaloneEnabled=yes | standaloneEnabled=yes: it takes true or false",
                "initLimit=0 | initLimit=0: it takes a whole number of ticks, 1 or more",
                "IPAuthenticationProvider.usexforwardedfor=true | The ip scheme looks at the address of the connection",
                "authProvider.1=com.example.Own | authProvider.1=com.example.Own: The schemes digest, ip, x509 and sasl are always there",
                "enforce.auth.enabled=true | enforce.auth.enabled=true: enforce.auth.schemes must say by which schemes, too",
                "skipACL=true | skipACL=true: it takes yes or no",
                "superUser=alice | superUser=alice: it takes one of the users that the section Server",
                "DigestAuthenticationProvider.superDigest=super | superDigest: it takes user:hash",
                "DigestAuthenticationProvider.digestAlg=none | digestAlg=none: it takes an algorithm that this JVM has",
                "enforceQuota=1 | enforceQuota=1: it takes true or false",
                "server.1=zk1 | server.1=zk1: it takes host:port:electionPort",
                "server.1=zk1:2888:2888 | server.1=zk1:2888:2888: the port and the election port must differ",
                "server.one=zk1:2888:3888 | server.one=zk1:2888:3888: the key has a number behind the dot",
                "dynamicConfigFile=/no/such/file | dynamicConfigFile=/no/such/file: there is no such file",
            })
    void aWrongValueIsNamedWithItsLineAndWhatIsAllowed(String line, String message) {
        assertThatThrownBy(() -> complete("# a comment", line))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith(file + ", line 4: ")
                .hasMessageContaining(message);
    }

    @Test
    void allWrongValuesAreNamedAtOnce() {
        assertThatThrownBy(() -> complete("tickTime=x", "snapCount=y", "initLimit=z"))
                .hasMessageContainingAll("line 3: tickTime=x", "line 4: snapCount=y", "line 5: initLimit=z");
    }

    @Test
    void aSecretIsNotRepeated() {
        assertThat(new Setting("ssl.keyStore.password", "geheim", "f, line 1")
                        .refused("no")
                        .getMessage())
                .doesNotContain("geheim");
    }

    @Test
    void dataDirAndClientPortMustBeThere() {
        assertThatThrownBy(() -> read("clientPort=2181")).hasMessageContaining("dataDir is not set");
        assertThatThrownBy(() -> read("dataDir=/d"))
                .hasMessageContaining("neither clientPort nor secureClientPort is set");
        assertThatThrownBy(() -> read("dataDir=/d", "clientPortAddress=localhost"))
                .hasMessage(file + ", line 2: clientPortAddress=localhost: clientPort must be set, too");
    }

    @Test
    void aKeyWithoutEffectIsNamedOnceWithWhatToDoInstead() {
        complete("commitLogCount=500", "nio.numWorkerThreads=4");
        assertThat(notices)
                .containsExactly(
                        file
                                + ", line 3: commitLogCount sets nothing here. Nothing is kept for followers in memory; the log"
                                + " serves them.",
                        file
                                + ", line 4: nio.numWorkerThreads sets nothing here. One event loop serves all connections; there is"
                                + " nothing to set.");
    }

    @Test
    void harmlessValuesOfRefusedKeysAreAccepted() {
        complete("IPAuthenticationProvider.usexforwardedfor=FALSE", "electionAlg=3");
        assertThat(notices).hasSize(2);
    }

    @Test
    void ofAnUnknownKeyTheNearestIsNamed() {
        complete("maxClientCnxn=10", "clientport=2182", "my.own.key=1");
        assertThat(notices)
                .containsExactly(
                        file
                                + ", line 3: nobody knows the key maxClientCnxn. Is it maxClientCnxns? As it is, it sets nothing",
                        file + ", line 4: nobody knows the key clientport. Is it clientPort? As it is, it sets nothing",
                        file + ", line 5: nobody knows the key my.own.key; it sets nothing");
    }

    @Test
    void ofAKeyThatIsThereTwiceTheLastCountsAndItIsSaid() {
        assertThat(server("tickTime=1000", "tickTime=2000").tickTime()).isEqualTo(Duration.ofSeconds(2));
        assertThat(notices)
                .containsExactly(
                        file + ", line 4: tickTime is there twice; this one counts, not that of " + file + ", line 3");
    }

    @Test
    void flagsOfTheJvmCountWhereTheFileIsSilent() {
        Map<String, String> flags = Map.of(
                "zookeeper.snapCount", "77",
                "jute.maxbuffer", "4194304",
                "zookeeper.forceSync", "no",
                "java.home", "/x",
                "tickTime", "1");
        EmbeddedServerConfig config =
                read(flags, "dataDir=/d", "clientPort=1", "snapCount=500").server();
        assertThat(config.snapshotAfterWrites()).isEqualTo(500);
        assertThat(config.maxFrameBytes()).isEqualTo(4 << 20);
        assertThat(config.fsync()).isFalse();
        assertThat(config.tickTime()).isEqualTo(Duration.ofSeconds(3));
        assertThat(notices).isEmpty();
    }

    @Test
    void aWrongFlagIsNamedAsOne() {
        assertThatThrownBy(() -> read(Map.of("jute.maxbuffer", "4M"), "dataDir=/d", "clientPort=1"))
                .hasMessage(
                        "JVM flag -Djute.maxbuffer: jute.maxbuffer=4M: it takes a whole number of bytes from 1024 to 10485760");
    }

    @Test
    void theExtremesThatAreAllowedAreAllowedByTheServerToo() {
        server("tickTime=107374182", "snapCount=2147483647", "preAllocSize=1048576", "jute.maxbuffer=10485760");
        server("tickTime=1", "snapCount=2", "preAllocSize=4", "jute.maxbuffer=1024", "minSessionTimeout=1");
        server("znode.container.checkIntervalMs=1", "znode.container.maxNeverUsedIntervalMs=0", "maxClientCnxns=-1");
    }

    @Test
    void theFileOfAContainerImageIsThatOfASingleServer() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("myid"), "1\n");
        ServerConfig config = read(
                "dataDir=" + data,
                "tickTime=2000",
                "initLimit=5",
                "syncLimit=2",
                "maxClientCnxns=60",
                "standaloneEnabled=true",
                "server.1=localhost:2888:3888;2181");
        assertThat(config.server().port()).isEqualTo(2181);
        assertThat(config.server().host()).isEqualTo("0.0.0.0");
        assertThat(config.ensemble().myId()).isEqualTo(1);
        assertThat(config.ensemble().members()).hasSize(1);
        assertThat(notices).isEmpty();
    }

    @Test
    void anEnsembleIsReadWithAllThatItSays() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("myid"), "4");
        EnsembleConfig ensemble = complete(
                        "initLimit=10",
                        "syncLimit=5",
                        "server.1=127.0.0.1:2001:3001",
                        "server.2=[::1]:2002:3002:participant;[::]:2182",
                        "server.3=a.example:2003:3003|b.example:2013:3013",
                        "server.4=127.0.0.1:2004:3004:observer;2181",
                        "group.1=1:2:3",
                        "weight.1=2",
                        "reconfigEnabled=true",
                        "leaderServes=no",
                        "quorumListenOnAllIPs=true")
                .ensemble();
        assertThat(ensemble.myId()).isEqualTo(4);
        assertThat(ensemble.observer()).isTrue();
        assertThat(ensemble.participants()).isEqualTo(3);
        assertThat(ensemble.initLimit()).isEqualTo(10);
        assertThat(ensemble.syncLimit()).isEqualTo(5);
        assertThat(ensemble.reconfigEnabled()).isTrue();
        assertThat(ensemble.leaderServes()).isFalse();
        assertThat(ensemble.listenOnAllAddresses()).isTrue();
        assertThat(ensemble.groups()).containsExactly(Map.entry(1L, List.of(1L, 2L, 3L)));
        assertThat(ensemble.weights()).containsExactly(Map.entry(1L, 2L));
        assertThat(ensemble.members().get(2L))
                .isEqualTo(new EnsembleConfig.Member(
                        2, List.of(new EnsembleConfig.PeerAddress("::1", 2002, 3002)), false, "::", 2182));
        assertThat(ensemble.members().get(3L).addresses())
                .containsExactly(
                        new EnsembleConfig.PeerAddress("a.example", 2003, 3003),
                        new EnsembleConfig.PeerAddress("b.example", 2013, 3013));
    }

    @Test
    void membersMayStandInAFileOfTheirOwn() throws IOException {
        Path members = directory.resolve("zoo.cfg.dynamic.1000a");
        Files.writeString(members, "server.1=h:1:2:participant;0.0.0.0:2181\n");
        ServerConfig config = read("dataDir=/d", "dynamicConfigFile=" + members, "standaloneEnabled=false");
        assertThat(config.ensemble().version()).isEqualTo(0x1000a);
        assertThat(config.ensemble().standaloneEnabled()).isFalse();
        assertThat(config.server().port()).isEqualTo(2181);
        assertThatThrownBy(() -> read("dataDir=/d", "clientPort=1", "dynamicConfigFile=" + members, "server.2=h:3:4"))
                .hasMessageContaining("line 4: server.2=h:3:4: it belongs into the file that dynamicConfigFile names");
        Files.writeString(members, "tickTime=1\n");
        assertThatThrownBy(() -> read("dataDir=/d", "clientPort=1", "dynamicConfigFile=" + members))
                .hasMessageContaining(members + ", line 1: tickTime=1: ");
    }

    @Test
    void aWrongMyIdNamesItsFile() throws IOException {
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("myid"), "one");
        assertThatThrownBy(() -> complete())
                .hasMessage(data.resolve("myid") + ": myid=one: the file holds the number of this server");
    }

    @Test
    void twoPortsForClientsOfOneServerAreRefused() throws IOException {
        assertThatThrownBy(() -> complete("server.1=h:1:2;2182"))
                .hasMessageContaining("line 2: clientPort=2181: server.1 says that clients connect to 2182");
    }

    @Test
    void tlsIsReadWithAllThatItSays() {
        ServerTls tls = read(
                        "dataDir=/d",
                        "secureClientPort=2281",
                        "secureClientPortAddress=127.0.0.2",
                        "client.certReload=false",
                        "ssl.keyStore.location=/keys/server.p12",
                        "ssl.keyStore.type=pkcs12",
                        "ssl.keyStore.password=geheim",
                        "ssl.trustStore.location=/keys/trust.jks",
                        "ssl.trustStore.passwordPath=/keys/password",
                        "ssl.enabledProtocols=TLSv1.3,TLSv1.2",
                        "ssl.protocol=TLSv1.2",
                        "ssl.clientAuth=want",
                        "ssl.clientHostnameVerification=true",
                        "ssl.handshakeDetectionTimeoutMillis=700",
                        "netty.server.outstandingHandshake.limit=0")
                .server()
                .tls();
        assertThat(tls).isNotNull();
        assertThat(tls.port()).isEqualTo(2281);
        assertThat(tls.host()).isEqualTo("127.0.0.2");
        assertThat(tls.portUnification()).isFalse();
        assertThat(tls.reloadInterval()).isZero();
        assertThat(tls.clientAuth()).isEqualTo(ClientAuth.WANT);
        assertThat(tls.clientHostnameVerification()).isTrue();
        assertThat(tls.handshakeTimeout()).isEqualTo(Duration.ofMillis(700));
        assertThat(tls.maxHandshakes()).isEqualTo(Integer.MAX_VALUE);
        assertThat(tls.config().protocols()).containsExactly("TLSv1.3", "TLSv1.2");
        assertThat(tls.config().toString())
                .contains("/keys/server.p12", "/keys/trust.jks")
                .doesNotContain("geheim");
        assertThat(notices).isEmpty();
    }

    @Test
    void tlsMayShareThePlainPort() {
        EmbeddedServerConfig config = server("client.portUnification=true", "ssl.keyStore.location=/keys/server.pem");
        assertThat(config.tls()).isNotNull();
        assertThat(config.tls().portUnification()).isTrue();
        assertThat(config.tls().port()).isNull();
        assertThat(config.tls().clientAuth()).isEqualTo(ClientAuth.NEED);
    }

    @Test
    void keysOfTlsWithoutAPortAreNamed() {
        assertThat(server("ssl.keyStore.location=/keys/server.pem").tls()).isNull();
        assertThat(notices)
                .containsExactly(file + ", line 3: ssl.keyStore.location sets nothing without secureClientPort or"
                        + " client.portUnification=true");
    }

    @Test
    void whoClientsAreIsReadFromTheFileFlagsAndJaas() throws IOException {
        Path jaas = directory.resolve("jaas.conf");
        Files.writeString(jaas, """
                Server {
                    org.apache.zookeeper.server.auth.DigestLoginModule required
                    user_alice="a secret"
                    user_bob="another";
                };
                """);
        AuthenticationConfig config = read(
                        Map.of(
                                "java.security.auth.login.config", jaas.toString(),
                                "zookeeper.DigestAuthenticationProvider.superDigest",
                                        "super:xQJmxLMiHGwaqBvst5y6rkB6HQs=",
                                "zookeeper.SASLAuthenticationProvider.superPassword", "third"),
                        "dataDir=/d",
                        "clientPort=1",
                        "skipACL=yes",
                        "superUser=alice",
                        "superUser.2=super",
                        "X509AuthenticationProvider.superUser=CN=admin",
                        "DigestAuthenticationProvider.digestAlg=SHA-256",
                        "enforce.auth.enabled=true",
                        "enforce.auth.schemes=digest, x509",
                        "sessionRequireClientSASLAuth=true")
                .server()
                .authentication();
        assertThat(config.saslUsers())
                .containsOnly(Map.entry("alice", "a secret"), Map.entry("bob", "another"), Map.entry("super", "third"));
        assertThat(config.saslSuperUsers()).containsOnly("alice", "super");
        assertThat(config.superDigest()).isEqualTo("super:xQJmxLMiHGwaqBvst5y6rkB6HQs=");
        assertThat(config.x509SuperUser()).isEqualTo("CN=admin");
        assertThat(config.digestAlgorithm()).isEqualTo("SHA-256");
        assertThat(config.requiredSchemes()).containsOnly("digest", "x509", "sasl");
        assertThat(config.skipAcl()).isTrue();
        assertThat(notices).isEmpty();
    }

    @Test
    void aFileThatIsNoJaasFileIsNamed() throws IOException {
        Path jaas = Files.writeString(directory.resolve("jaas.conf"), "Server = {");
        assertThatThrownBy(() -> read(Map.of(JaasSection.FLAG, jaas.toString()), "dataDir=/d", "clientPort=1"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining(jaas + " is no file of JAAS: ");
        assertThatThrownBy(() -> read(Map.of(JaasSection.FLAG, "/no/file"), "dataDir=/d", "clientPort=1"))
                .hasMessageContaining("there is no file /no/file");
    }

    @Test
    void operatorsAreOfferedWhatZooKeeperOffersThem() {
        AdminConfig admin = server().admin();
        assertThat(admin.fourLetterWords()).containsExactly("srvr");
        assertThat(admin.host()).isEqualTo("0.0.0.0");
        assertThat(admin.port()).isEqualTo(8080);
        assertThat(admin.commandPath()).isEqualTo("/commands");
        assertThat(admin.metricsPort()).isNull();
        assertThat(server("admin.enableServer=false").admin().port()).isNull();
        assertThat(notices).isEmpty();
    }

    @Test
    void keysOfOperatorsSetWhatTheySay() {
        AdminConfig admin = server(
                        "4lw.commands.whitelist=ruok, mntr, ruok,",
                        "admin.serverAddress=127.0.0.1",
                        "admin.serverPort=0",
                        "admin.commandURL=/zk",
                        "admin.idleTimeout=5000",
                        "metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider",
                        "metricsProvider.httpHost=127.0.0.3",
                        "metricsProvider.exportJvmInfo=false",
                        "audit.enable=true",
                        "audit.impl.class=org.apache.zookeeper.audit.Slf4jAuditLogger")
                .admin();
        assertThat(admin)
                .isEqualTo(new AdminConfig(
                        Set.of("ruok", "mntr"),
                        "127.0.0.1",
                        0,
                        "/zk",
                        Duration.ofSeconds(5),
                        "127.0.0.3",
                        7000,
                        false,
                        true));
        assertThat(notices).singleElement().asString().contains("audit.impl.class");
    }
}
