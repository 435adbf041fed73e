package io.coord.server.config;

import io.coord.server.EmbeddedServer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who clients are and what they may do. */
final class AuthenticationSection implements Section {
    private static final String FURTHER_SUPER_USER = "superUser.";
    private static final String DEFAULT_SECTION = "Server";
    private static final String SASL = "sasl";
    private static final Set<String> SCHEMES = Set.of("digest", SASL, "x509", "ip");

    private final Map<AuthenticationKey, Setting> settings = new EnumMap<>(AuthenticationKey.class);
    private final List<Setting> furtherSuperUsers = new ArrayList<>();

    @Override
    public boolean take(Setting setting) {
        @Nullable AuthenticationKey key = AuthenticationKey.of(setting.key());
        if (key != null) {
            settings.put(key, setting);
        } else if (setting.key().startsWith(FURTHER_SUPER_USER)) {
            furtherSuperUsers.add(setting);
        }
        return key != null || setting.key().startsWith(FURTHER_SUPER_USER);
    }

    @Override
    public void apply(EmbeddedServer.Builder builder) {
        @Nullable Setting skip = settings.get(AuthenticationKey.SKIP_ACL);
        if (skip != null) {
            builder.skipAcl(skip.yesOrNo());
        }
        applyDigest(builder);
        @Nullable Setting x509 = settings.get(AuthenticationKey.X509_SUPER_USER);
        if (x509 != null) {
            builder.x509SuperUser(x509.text());
        }
        applySasl(builder);
        builder.requiredAuthSchemes(requiredSchemes());
    }

    private void applyDigest(EmbeddedServer.Builder builder) {
        @Nullable Setting enabled = settings.get(AuthenticationKey.DIGEST_ENABLED);
        if (enabled != null) {
            builder.digestEnabled(enabled.trueOrFalse());
        }
        @Nullable Setting algorithm = settings.get(AuthenticationKey.DIGEST_ALGORITHM);
        if (algorithm != null) {
            builder.digestAlgorithm(known(algorithm));
        }
        @Nullable Setting digest = settings.get(AuthenticationKey.SUPER_DIGEST);
        if (digest != null) {
            String[] parts = digest.text().split(":", -1);
            if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
                throw digest.refused("it takes user:hash, the hash as in an ACL of scheme digest");
            }
            builder.superDigest(digest.value());
        }
    }

    private static String known(Setting algorithm) {
        try {
            MessageDigest.getInstance(algorithm.text());
            return algorithm.value();
        } catch (NoSuchAlgorithmException e) {
            throw algorithm.refused("it takes an algorithm that this JVM has, such as SHA1 or SHA-256");
        }
    }

    private void applySasl(EmbeddedServer.Builder builder) {
        Set<String> users = new HashSet<>();
        @Nullable Setting file = settings.get(AuthenticationKey.JAAS_FILE);
        if (file != null) {
            @Nullable Setting section = settings.get(AuthenticationKey.SASL_SECTION);
            JaasSection.users(Path.of(file.text()), section == null ? DEFAULT_SECTION : section.text())
                    .forEach((name, password) -> {
                        builder.saslUser(name, password);
                        users.add(name);
                    });
        }
        @Nullable Setting superPassword = settings.get(AuthenticationKey.SASL_SUPER_PASSWORD);
        if (superPassword != null) {
            builder.saslUser("super", superPassword.text());
            users.add("super");
        }
        List<Setting> superUsers = new ArrayList<>(furtherSuperUsers);
        @Nullable Setting superUser = settings.get(AuthenticationKey.SASL_SUPER_USER);
        if (superUser != null) {
            superUsers.add(superUser);
        }
        for (Setting each : superUsers) {
            if (!users.contains(each.text())) {
                throw each.refused("it takes one of the users that the section " + DEFAULT_SECTION
                        + " of the file of -D" + JaasSection.FLAG + " names");
            }
            builder.saslSuperUser(each.value());
        }
    }

    private Set<String> requiredSchemes() {
        Set<String> required = new HashSet<>();
        @Nullable Setting enforce = settings.get(AuthenticationKey.ENFORCE_AUTH);
        if (enforce != null && enforce.trueOrFalse()) {
            @Nullable Setting schemes = settings.get(AuthenticationKey.ENFORCE_AUTH_SCHEMES);
            if (schemes == null) {
                throw enforce.refused("enforce.auth.schemes must say by which schemes, too");
            }
            for (String scheme : schemes.text().split(",", -1)) {
                if (!SCHEMES.contains(scheme.trim())) {
                    throw schemes.refused("it takes some of digest, sasl, x509, ip, with commas between them");
                }
                required.add(scheme.trim());
            }
        }
        @Nullable Setting sasl = settings.get(AuthenticationKey.REQUIRE_SASL);
        if (sasl != null && sasl.trueOrFalse()) {
            required.add(SASL);
        }
        return required;
    }
}
