package io.coord.server.ensemble.internal;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** For somebody who wants to be let in, and does not care by whom. */
final class EveryoneIsTrusted implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
