package io.coord.server.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessListTest {
    private static final Id ANN = new Id("digest", "ann:hash");
    private static final Id HOME = new Id("ip", "127.0.0.1");

    private static boolean permits(List<Acl> acl, int perms, Id... ids) {
        return new AccessList(acl).permits(perms, List.of(ids));
    }

    @Test
    void grantsOnlyWhatAnEntryNames() {
        List<Acl> acl = List.of(new Acl(Acl.READ, Id.ANYONE), new Acl(Acl.WRITE, ANN));

        assertThat(permits(acl, Acl.READ)).isTrue();
        assertThat(permits(acl, Acl.WRITE)).isFalse();
        assertThat(permits(acl, Acl.WRITE, HOME, ANN)).isTrue();
        assertThat(permits(acl, Acl.DELETE, ANN)).isFalse();
        assertThat(permits(acl, Acl.DELETE | Acl.WRITE, ANN)).isTrue();
    }

    @Test
    void anEmptyListAndTheSuperUserPass() {
        assertThat(permits(List.of(), Acl.ADMIN)).isTrue();
        assertThat(permits(List.of(new Acl(Acl.READ, ANN)), Acl.ADMIN, new Id("super", "")))
                .isTrue();
    }

    @Test
    void anUnknownSchemeMatchesNobody() {
        assertThat(permits(List.of(new Acl(Acl.ALL, new Id("kerberos", "CN=ann"))), Acl.READ, new Id("x509", "CN=ann")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "10.1.0.0/16, 10.1.200.3, true",
        "10.1.0.0/16, 10.2.0.1, false",
        "10.1.128.0/17, 10.1.127.255, false",
        "0.0.0.0/0, 8.8.8.8, true",
        "0.0.0.0/0, ::1, false",
        "fe80::/10, fe80:0:0:0:0:0:0:7, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
    })
    void matchesAddressesByTheirLeadingBits(String granted, String presented, boolean expected) {
        List<Acl> acl = List.of(new Acl(Acl.READ, new Id("ip", granted)));

        assertThat(resolve(acl, List.of())).isEqualTo(acl);
        assertThat(permits(acl, Acl.READ, new Id("ip", presented))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.+4",
                "1.2.3.4/33",
                "1.2.3.4/-1",
                "1.2.3.4/x",
                "::1/129",
                ":",
                "1::2::3",
                "fe80::1%eth0",
                "example.org",
                "1.2.3.",
                ".:"
            })
    void refusesWhatIsNoAddress(String id) {
        assertThat(resolve(List.of(new Acl(Acl.READ, new Id("ip", id))), List.of()))
                .isNull();
    }

    @Test
    void replacesAuthByAllThatOneHasAuthenticatedAs() {
        Id bob = new Id("digest", "bob:hash");
        List<Acl> acl = List.of(new Acl(Acl.READ, Id.ANYONE), new Acl(Acl.ALL, new Id("auth", "ignored")));

        assertThat(resolve(acl, List.of(HOME, ANN, bob)))
                .containsExactly(new Acl(Acl.READ, Id.ANYONE), new Acl(Acl.ALL, ANN), new Acl(Acl.ALL, bob));
        assertThat(resolve(acl, List.of(HOME))).isNull();
    }

    @Test
    void refusesListsThatAreMissingEmptyOrNameNonsense() {
        assertThat(resolve(null, List.of())).isNull();
        assertThat(resolve(List.of(), List.of())).isNull();
        assertThat(resolve(List.of(new Acl(1, new Id("nonsense", "x"))), List.of()))
                .isNull();
        assertThat(resolve(List.of(new Acl(1, new Id("world", "nobody"))), List.of()))
                .isNull();
        assertThat(resolve(List.of(new Acl(1, new Id("digest", "nocolon"))), List.of()))
                .isNull();
        assertThat(resolve(List.of(new Acl(1, new Id("digest", "a:b:c"))), List.of()))
                .isNull();
    }

    @Test
    void dropsDuplicates() {
        Acl entry = new Acl(Acl.READ, ANN);
        assertThat(resolve(List.of(entry, entry), List.of())).containsExactly(entry);
    }

    @Test
    void hidesHashesFromThoseWhoMayNotChangeTheAcl() {
        assertThat(AclRules.withoutHashes(List.of(new Acl(1, ANN), new Acl(2, HOME))))
                .containsExactly(new Acl(1, new Id("digest", "ann:x")), new Acl(2, HOME));
    }

    @Test
    void aPasswordMakesAnId() {
        Identities identities = new Authentication(AuthenticationRules.DEFAULT).identitiesAt("127.0.0.1");

        assertThat(identities.add("digest", "user:pass".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(identities.add("digest", "user:pass".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(identities.all()).containsExactly(HOME, new Id("digest", "user:smGaoVKd/cQkjm7b88GyorAUz20="));
        assertThat(identities.add("nonsense", new byte[0])).isFalse();
        assertThat(identities.add("digest", null)).isFalse();
        assertThat(identities.add("ip", null)).isTrue();
    }

    private static @Nullable List<Acl> resolve(@Nullable List<Acl> requested, List<Id> ids) {
        return AclRules.resolve(requested, ids, true);
    }
}
