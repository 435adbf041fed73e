package io.coord.sample;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** One instance of the shop in a process of its own, as a user starts it. */
final class ShopInstance implements AutoCloseable {

    final String name;
    final JavaProcess process;
    final ShopClient http;

    ShopInstance(String name, int port, Path directory, String... settings) throws IOException {
        this.name = name;
        this.http = new ShopClient(port);
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=" + port,
                "--shop.instance=" + name,
                "--coord.discovery.host=localhost",
                "--coord.session-timeout=3s",
                "--coord.request-timeout=5s",
                "--coord.retry.max=500ms",
                "--shop.orders-kept=1000000",
                "--shop.deliveries-kept=1000000"));
        arguments.addAll(Arrays.asList(settings));
        this.process =
                new JavaProcess(name, directory, applicationClasspath(), ShopApplication.class.getName(), arguments);
    }

    /** Has looked at the stock for this order, and has not written it. */
    boolean isThinkingAbout(String orderId) {
        return process.output().contains("Order " + orderId + " for ");
    }

    @Override
    public void close() {
        process.close();
    }

    /** Without the classes and settings of the tests. */
    private static String applicationClasspath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
