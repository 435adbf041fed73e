package io.coord.server.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.ClientInfo;
import io.coord.protocol.data.Id;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.x500.X500Principal;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
    private static final Id HOME = new Id("ip", "127.0.0.1");
    private static final Id SUPER = new Id("super", "");
    private static final AccessList NOBODY = new AccessList(List.of(new Acl(Acl.ALL, new Id("digest", "x:y"))));

    private static AuthenticationRules rules(String superDigest, String x509SuperUser) {
        return new AuthenticationRules(true, "SHA1", superDigest, x509SuperUser, Map.of(), Set.of(), Set.of(), false);
    }

    private static Identities identities(AuthenticationRules rules) {
        return new Authentication(rules).identitiesAt("127.0.0.1");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whoKnowsThePasswordOfTheSuperDigestIsAboveAllAcls() {
        Identities asked = identities(AuthenticationRules.DEFAULT);
        asked.add("digest", bytes("super:secret"));
        String digest = asked.all().get(1).id();
        Identities known = identities(rules(digest, null));
        Identities wrong = identities(rules(digest, null));

        assertThat(known.add("digest", bytes("super:secret"))).isTrue();
        assertThat(wrong.add("digest", bytes("super:guess"))).isTrue();

        assertThat(known.all()).containsExactly(HOME, SUPER, new Id("digest", digest));
        assertThat(NOBODY.permits(Acl.ADMIN, known.all())).isTrue();
        assertThat(NOBODY.permits(Acl.ADMIN, wrong.all())).isFalse();
        assertThat(known.shown())
                .containsExactly(
                        new ClientInfo("ip", "127.0.0.1"),
                        new ClientInfo("super", ""),
                        new ClientInfo("digest", "super"));
        assertThat(AclRules.resolve(List.of(new Acl(1, Id.AUTHENTICATED)), known.all(), true))
                .as("auth stands for what an ACL may name")
                .containsExactly(new Acl(1, new Id("digest", digest)));
    }

    @Test
    void theAlgorithmOfDigestsMayBeAnother() {
        Identities identities =
                identities(new AuthenticationRules(true, "SHA-256", null, null, Map.of(), Set.of(), Set.of(), false));
        identities.add("digest", bytes("user:pass"));
        assertThat(identities.all()).contains(new Id("digest", "user:70yRTFkWmLJo2zxkFj6v2nIJpjDyNuvw7r8EVGDfcjo="));
        assertThatThrownBy(
                        () -> new AuthenticationRules(true, "ROT13", null, null, Map.of(), Set.of(), Set.of(), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ROT13");
    }

    @Test
    void digestsCanBeTurnedOff() {
        Identities identities =
                identities(new AuthenticationRules(false, "SHA1", null, null, Map.of(), Set.of(), Set.of(), false));
        assertThat(identities.add("digest", bytes("user:pass"))).isFalse();
        assertThat(identities.all()).containsExactly(HOME);
    }

    @Test
    void aCertificateMakesAnId() {
        Identities identities = identities(rules(null, "CN=boss,O=Coord"));
        assertThat(identities.add("x509", null)).as("nothing was shown").isFalse();

        identities.addCertificate(chain("CN=Ann,OU=Ops,O=Coord", "CN=CA")[0]);

        assertThat(identities.all()).containsExactly(HOME, new Id("x509", "CN=Ann,OU=Ops,O=Coord"));
        assertThat(identities.add("x509", null)).isTrue();
        assertThat(identities.shown()).contains(new ClientInfo("x509", "CN=Ann,OU=Ops,O=Coord"));
        AccessList anns = new AccessList(List.of(new Acl(Acl.READ, new Id("x509", "CN=Ann,OU=Ops,O=Coord"))));
        assertThat(anns.permits(Acl.READ, identities.all())).isTrue();
        assertThat(anns.permits(Acl.WRITE, identities.all())).isFalse();
        assertThat(AclRules.resolve(List.of(new Acl(1, Id.AUTHENTICATED)), identities.all(), true))
                .containsExactly(new Acl(1, new Id("x509", "CN=Ann,OU=Ops,O=Coord")));
    }

    @Test
    void oneCertificateMayBeAboveAllAcls() {
        Identities identities = identities(rules(null, "CN=boss,O=Coord"));
        identities.addCertificate(chain("CN=boss, O=Coord", "CN=CA")[0]);
        assertThat(identities.all())
                .containsExactly(HOME, new Id("super", "CN=boss,O=Coord"), new Id("x509", "CN=boss,O=Coord"));
        assertThat(NOBODY.permits(Acl.ALL, identities.all())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x509|CN=a,O=b", "sasl|bob", "sasl|bob/host@REALM", "sasl|bob@REALM", "sasl|"})
    void anAclMayName(String entry) {
        assertThat(resolve(entry, true)).isNotNull();
        assertThat(resolve(entry, false)).as("in an older log").isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x509|nonsense", "x509|=", "sasl|a@b@c", "sasl|a/b/c@d", "super|", "auth2|x"})
    void anAclMayNotName(String entry) {
        assertThat(resolve(entry, true)).isNull();
    }

    private static List<Acl> resolve(String entry, boolean allSchemes) {
        String[] parts = entry.split("\\|", -1);
        return AclRules.resolve(List.of(new Acl(1, new Id(parts[0], parts[1]))), List.of(), allSchemes);
    }

    @Test
    void everybodyIsAboveAllAclsWhenTheyAreSkippedAndIsNotTold() {
        Identities identities =
                identities(new AuthenticationRules(true, "SHA1", null, null, Map.of(), Set.of(), Set.of(), true));
        assertThat(NOBODY.permits(Acl.ALL, identities.all())).isTrue();
        identities.add("digest", bytes("user:pass"));
        assertThat(NOBODY.permits(Acl.ALL, identities.all())).isTrue();
        assertThat(identities.shown())
                .containsExactly(new ClientInfo("ip", "127.0.0.1"), new ClientInfo("digest", "user"));
    }

    @Test
    void aSchemeMayBeRequired() {
        Identities identities = identities(
                new AuthenticationRules(true, "SHA1", null, null, Map.of(), Set.of(), Set.of("digest", "x509"), false));
        assertThat(identities.isAdmitted()).isFalse();
        identities.add("digest", bytes("user:pass"));
        assertThat(identities.isAdmitted()).isTrue();
        assertThat(identities(AuthenticationRules.DEFAULT).isAdmitted()).isTrue();
        assertThatThrownBy(() -> new AuthenticationRules(
                        true, "SHA1", null, null, Map.of(), Set.of(), Set.of("kerberos"), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kerberos");
    }

    @Test
    void aUserOfSaslShowsTheRightPassword() throws SaslException {
        Identities identities = identities(sasl());
        Conversation talk = new Conversation(identities, "bob", "bobsecret");

        assertThat(talk.succeeds()).isTrue();

        assertThat(identities.all()).containsExactly(HOME, new Id("sasl", "bob"));
        assertThat(identities.add("sasl", bytes("bob"))).as("by addauth").isFalse();
    }

    @Test
    void aUserOfSaslMayBeAboveAllAcls() throws SaslException {
        Identities identities = identities(sasl());
        assertThat(new Conversation(identities, "root", "rootsecret").succeeds())
                .isTrue();
        assertThat(identities.all()).containsExactly(HOME, new Id("sasl", "root"), SUPER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob|wrong", "nobody|bobsecret", "bob|rootsecret"})
    void whoDoesNotIsRefused(String userAndPassword) throws SaslException {
        String[] parts = userAndPassword.split("\\|", -1);
        Identities identities = identities(sasl());
        assertThat(new Conversation(identities, parts[0], parts[1]).succeeds()).isFalse();
        assertThat(identities.all()).containsExactly(HOME);
    }

    @Test
    void nonsenseInsteadOfAnAnswerIsRefused() {
        Identities identities = identities(sasl());
        assertThat(identities.onSaslToken(new byte[0]).isAccepted()).isTrue();
        assertThat(identities.onSaslToken(bytes("username=bob,,,")).isAccepted())
                .isFalse();
        assertThat(identities(sasl()).onSaslToken(new byte[5_000]).isAccepted()).isFalse();
    }

    @Test
    void withoutUsersSaslIsAnsweredWithNothing() {
        SaslStep step = identities(AuthenticationRules.DEFAULT).onSaslToken(new byte[0]);
        assertThat(step.isAccepted()).isTrue();
        assertThat(step.token()).isNull();
    }

    @Test
    void passwordsAreNotPrinted() {
        assertThat(sasl().toString()).doesNotContain("secret");
    }

    private static AuthenticationRules sasl() {
        return new AuthenticationRules(
                true,
                "SHA1",
                null,
                null,
                Map.of("bob", "bobsecret", "root", "rootsecret"),
                Set.of("root"),
                Set.of(),
                false);
    }

    private static X509Certificate[] chain(String... subjects) {
        return java.util.Arrays.stream(subjects)
                .map(subject -> new FakeCertificate(new X500Principal(subject)))
                .toArray(X509Certificate[]::new);
    }

    /** The JDK's client against our server, as ZooKeeper's client drives it. */
    private record Conversation(Identities server, String user, String password) {
        boolean succeeds() throws SaslException {
            SaslClient client = Sasl.createSaslClient(
                    new String[] {"DIGEST-MD5"}, user, "zookeeper", "zk-sasl-md5", Map.of(), this::handle);
            SaslStep step = server.onSaslToken(new byte[0]);
            while (step.isAccepted() && !client.isComplete()) {
                byte[] answer = client.evaluateChallenge(step.token());
                if (client.isComplete()) {
                    break;
                }
                step = server.onSaslToken(answer);
            }
            return step.isAccepted();
        }

        private void handle(Callback[] callbacks) {
            for (Callback each : callbacks) {
                if (each instanceof NameCallback name) {
                    name.setName(user);
                } else if (each instanceof PasswordCallback secret) {
                    secret.setPassword(password.toCharArray());
                } else if (each instanceof RealmCallback realm) {
                    realm.setText(realm.getDefaultText());
                }
            }
        }
    }
}
