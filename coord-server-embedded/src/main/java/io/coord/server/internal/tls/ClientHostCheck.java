package io.coord.server.internal.tls;

import io.coord.protocol.tls.Certificates;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks, besides, that a client's certificate is for the address that the client comes from, or for the name of that address,
 * which may mean to ask a name server. Runs on a thread that may wait. Thread-safe as what it stands around.
 */
final class ClientHostCheck extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager judge;

    ClientHostCheck(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, engine);
        requireHost(chain[0], engine.getPeerHost());
    }

    private static void requireHost(X509Certificate certificate, String address) throws CertificateException {
        List<String> names = Certificates.names(certificate);
        InetAddress from;
        try {
            from = InetAddress.getByName(address);
            for (String each : names) {
                // A literal: nobody is asked.
                if (isAddress(each) && InetAddress.getByName(each).equals(from)) {
                    return;
                }
            }
        } catch (UnknownHostException e) {
            throw new CertificateException("the address of the client is not known: " + address, e);
        }
        String host = from.getCanonicalHostName();
        if (!host.equals(from.getHostAddress()) && names.stream().anyMatch(name -> isFor(name, host))) {
            return;
        }
        throw new CertificateException("it is not for " + host + " but for " + names);
    }

    /** What an alternative name holds is one or the other: a name of four numbers is none. */
    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    /** RFC 6125: a star stands for the first label, the whole of it. */
    static boolean isFor(String name, String host) {
        String pattern = name.toLowerCase(Locale.ROOT);
        String wanted = host.toLowerCase(Locale.ROOT);
        if (!pattern.startsWith("*.")) {
            return pattern.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        String rest = pattern.substring(1);
        return dot > 0 && rest.indexOf('.', 1) > 0 && wanted.substring(dot).equals(rest);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, socket);
        requireHost(chain[0], socket.getInetAddress().getHostAddress());
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkServerTrusted(chain, authType, socket);
    }

    /** Nobody knows where this client is, so none is let in. */
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("where the client comes from is not known");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
