package io.coord.verification.server;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test of a class, and of the classes nested in it, one shared {@link ServerUnderTest}; closes it after the
 * class.
 */
public abstract class RunsOn implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(RunsOn.class);

    protected abstract ServerUnderTest start();

    @Override
    public void beforeAll(ExtensionContext context) {
        serverOf(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ServerUnderTest.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return serverOf(context);
    }

    private ServerUnderTest serverOf(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(ServerUnderTest.class, key -> start(), ServerUnderTest.class);
    }

    /** Real ZooKeeper. */
    public static final class ZooKeeper extends RunsOn {
        @Override
        protected ServerUnderTest start() {
            return ZooKeeperUnderTest.start();
        }
    }

    /** Our server with a log. */
    public static final class Coord extends RunsOn {
        @Override
        protected ServerUnderTest start() {
            return CoordUnderTest.withLog();
        }
    }
}
