package io.coord.protocol.tls;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Says which certificate is refused, and why, where the JDK speaks of paths of certification. Thread-safe as what it asks. */
final class DescribedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;

    DescribedTrust(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            judge.checkClientTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw described(e, chain, engine.getPeerHost());
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw described(e, chain, engine.getPeerHost());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            judge.checkClientTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw described(e, chain, hostOf(socket));
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw described(e, chain, hostOf(socket));
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            judge.checkClientTrusted(chain, authType);
        } catch (CertificateException e) {
            throw described(e, chain, null);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType);
        } catch (CertificateException e) {
            throw described(e, chain, null);
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    private static @Nullable String hostOf(Socket socket) {
        return socket instanceof SSLSocket secure && secure.getHandshakeSession() != null
                ? secure.getHandshakeSession().getPeerHost()
                : null;
    }

    private static CertificateException described(
            CertificateException refusal, X509Certificate[] chain, @Nullable String host) {
        if (chain == null || chain.length == 0) {
            return refusal;
        }
        // The JDK looks at the cause to choose its alert.
        Throwable cause = refusal.getCause() == null ? refusal : refusal.getCause();
        return new CertificateException(
                "the certificate of " + Certificates.describe(chain[0]) + ' ' + reason(refusal, chain, host), cause);
    }

    private static String reason(CertificateException refusal, X509Certificate[] chain, @Nullable String host) {
        for (Throwable each = refusal; each != null; each = each.getCause()) {
            if (each instanceof CertificateExpiredException) {
                return "is not valid any more" + ofIssuer(each, chain);
            }
            if (each instanceof CertificateNotYetValidException) {
                return "is not valid yet" + ofIssuer(each, chain);
            }
            if (each instanceof CertificateRevokedException revoked) {
                return "was revoked on " + revoked.getRevocationDate().toInstant() + ": "
                        + revoked.getRevocationReason();
            }
            if (each instanceof CertPathValidatorException path
                    && path.getReason() == CertPathValidatorException.BasicReason.INVALID_SIGNATURE) {
                return "is signed by another "
                        + chain[chain.length - 1].getIssuerX500Principal().getName() + " than that of our trust store";
            }
            if (each instanceof CertPathBuilderException && each.getCause() == null) {
                return "was issued by nobody whom our trust store knows; that would be "
                        + chain[chain.length - 1].getIssuerX500Principal().getName();
            }
        }
        String message = String.valueOf(refusal.getMessage());
        if (message.startsWith("No subject alternative") || message.startsWith("No name matching")) {
            return "is not for " + host + " but for " + names(chain[0]);
        }
        return "is refused: " + message;
    }

    /** The dates that were told are those of the first certificate; the one at fault may be another. */
    private static String ofIssuer(Throwable validity, X509Certificate[] chain) {
        try {
            chain[0].checkValidity();
            return ", or that of one of its issuers: " + validity.getMessage();
        } catch (CertificateException ofItself) {
            return "";
        }
    }

    private static String names(X509Certificate certificate) {
        try {
            List<String> names = Certificates.names(certificate);
            return names.isEmpty()
                    ? certificate.getSubjectX500Principal().getName()
                    : names.stream().collect(Collectors.joining(", "));
        } catch (CertificateParsingException e) {
            return "names that cannot be read (" + e.getMessage() + ')';
        }
    }
}
