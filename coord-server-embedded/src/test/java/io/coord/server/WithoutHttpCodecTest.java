package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.request.ExistsRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who embeds a server need not have Netty's HTTP codec, which is an optional dependency. */
class WithoutHttpCodecTest {
    /** Loads the server and Netty anew, and knows nothing of the codec. */
    private static final class WithoutCodec extends ClassLoader {
        WithoutCodec() {
            super(WithoutHttpCodecTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                if (!name.startsWith("io.coord.") && !name.startsWith("io.netty.")) {
                    return super.loadClass(name, resolve);
                }
                if (name.startsWith("io.netty.handler.codec.http.")) {
                    throw new ClassNotFoundException(name);
                }
                @Nullable Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void theServerStartsWithoutItsAdminServer() throws ReflectiveOperationException {
        Class<?> serverType = new WithoutCodec().loadClass(EmbeddedServer.class.getName());
        assertThat(serverType).isNotSameAs(EmbeddedServer.class);
        Object builder = serverType.getMethod("builder").invoke(null);
        builder.getClass().getMethod("port", int.class).invoke(builder, 0);
        builder.getClass().getMethod("adminPort", int.class).invoke(builder, 0);
        Object server = builder.getClass().getMethod("start").invoke(builder);
        try {
            assertThat(serverType.getMethod("adminPort").invoke(server)).isEqualTo(OptionalInt.empty());
            int port = (int) serverType.getMethod("port").invoke(server);
            try (RawClient client = RawClient.session(port)) {
                assertThat(client.call(1, new ExistsRequest("/", false))
                                .header()
                                .error())
                        .isZero();
            }
        } finally {
            serverType.getMethod("close").invoke(server);
        }
    }
}
