package io.coord.verification.tls;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Tells, on a port of this machine, whether certificates of one issuer were revoked. */
@SuppressWarnings("JavaUtilDate") // That of the library which writes the answers.
final class OcspResponder implements AutoCloseable {
    private final X509Bundle issuer;
    private final HttpServer server;
    private final Set<BigInteger> revoked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();

    OcspResponder(X509Bundle issuer) throws IOException {
        this.issuer = issuer;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void revoke(X509Certificate certificate) {
        revoked.add(certificate.getSerialNumber());
    }

    int asked() {
        return asked.get();
    }

    /** A short question comes in the address, a long one in the body. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] question = exchange.getRequestMethod().equals("GET")
                    ? Base64.getDecoder()
                            .decode(exchange.getRequestURI().getPath().substring(1))
                    : exchange.getRequestBody().readAllBytes();
            byte[] answer = answer(new OCSPReq(question));
            exchange.getResponseHeaders().set("Content-Type", "application/ocsp-response");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private byte[] answer(OCSPReq question) throws IOException {
        try {
            asked.incrementAndGet();
            X509Certificate own = issuer.getCertificate();
            BasicOCSPRespBuilder answer = new BasicOCSPRespBuilder(
                    SubjectPublicKeyInfo.getInstance(own.getPublicKey().getEncoded()),
                    new JcaDigestCalculatorProviderBuilder().build().get(CertificateID.HASH_SHA1));
            Date yesterday = Date.from(Instant.now().minus(Duration.ofDays(1)));
            for (Req each : question.getRequestList()) {
                boolean isRevoked = revoked.contains(each.getCertID().getSerialNumber());
                answer.addResponse(
                        each.getCertID(),
                        isRevoked ? new RevokedStatus(yesterday, CRLReason.keyCompromise) : CertificateStatus.GOOD);
            }
            Extension nonce = question.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
            if (nonce != null) {
                answer.setResponseExtensions(new Extensions(nonce));
            }
            return new OCSPRespBuilder()
                    .build(
                            OCSPRespBuilder.SUCCESSFUL,
                            answer.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(issuer.getKeyPair().getPrivate()),
                                    new X509CertificateHolder[] {new JcaX509CertificateHolder(own)},
                                    new Date()))
                    .getEncoded();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
