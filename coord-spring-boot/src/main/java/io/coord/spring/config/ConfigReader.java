package io.coord.spring.config;

import io.coord.client.CoordClient;
import io.coord.client.error.AuthFailedException;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.ClientClosedException;
import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.CoordException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.RequestTimeoutException;
import io.coord.client.error.SessionLostException;
import io.coord.protocol.data.ZnodePath;
import io.coord.spring.autoconfigure.CoordConfigFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads what a section holds, level by level, each level with requests that are all under way at once. */
final class ConfigReader {

    /** Far below what a client takes. */
    private static final int MOST_AT_ONCE = 500;

    private static final byte[] NOTHING = {};

    private final CoordClient client;

    ConfigReader(CoordClient client) {
        this.client = client;
    }

    /**
     * @return data of the section's znodes by their paths; empty when none of them exists
     * @throws UnreachableConfigException when the servers do not answer
     * @throws UnreadableConfigException when they refuse
     */
    SortedMap<String, byte[]> read(ConfigSection section) {
        SortedMap<String, byte[]> znodes = new TreeMap<>();
        List<String> documents = new ArrayList<>();
        section.documents().forEach(document -> documents.add(document.path()));
        if (section.format() == CoordConfigFormat.KEYS) {
            readKeys(section.path(), znodes);
        } else {
            documents.add(section.path());
        }
        readData(documents, znodes);
        return znodes;
    }

    /** What the section's own znode holds is no key. */
    private void readKeys(String top, SortedMap<String, byte[]> znodes) {
        List<String> level = new ArrayList<>();
        List<String> first = children(top).get(0);
        if (first == null) {
            return;
        }
        znodes.put(top, NOTHING);
        first.forEach(name -> level.add(ZnodePath.child(top, name)));
        while (!level.isEmpty()) {
            readData(level, znodes);
            List<String> below = new ArrayList<>();
            for (int from = 0; from < level.size(); from += MOST_AT_ONCE) {
                List<String> parents = level.subList(from, Math.min(level.size(), from + MOST_AT_ONCE));
                List<@Nullable List<String>> names = children(parents.toArray(String[]::new));
                for (int i = 0; i < parents.size(); i++) {
                    List<String> found = names.get(i);
                    if (found != null) {
                        String parent = parents.get(i);
                        found.forEach(name -> below.add(ZnodePath.child(parent, name)));
                    }
                }
            }
            level.clear();
            level.addAll(below);
        }
    }

    private List<@Nullable List<String>> children(String... paths) {
        List<CompletionStage<List<String>>> answers = new ArrayList<>();
        for (String path : paths) {
            answers.add(client.getChildren().forPathAsync(path));
        }
        List<@Nullable List<String>> names = new ArrayList<>();
        answers.forEach(answer -> names.add(orNull(answer)));
        return names;
    }

    private void readData(List<String> paths, SortedMap<String, byte[]> znodes) {
        for (int from = 0; from < paths.size(); from += MOST_AT_ONCE) {
            List<String> some = paths.subList(from, Math.min(paths.size(), from + MOST_AT_ONCE));
            List<CompletionStage<byte[]>> answers = new ArrayList<>();
            some.forEach(path -> answers.add(client.getData().forPathAsync(path)));
            for (int i = 0; i < some.size(); i++) {
                byte[] data = orNull(answers.get(i));
                if (data != null) {
                    znodes.put(some.get(i), data);
                }
            }
        }
    }

    /** Null for a znode that is not there, or not any more. */
    private static <T> @Nullable T orNull(CompletionStage<T> answer) {
        CompletableFuture<T> future = answer.toCompletableFuture();
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NoNodeException) {
                return null;
            }
            if (e.getCause() instanceof CoordException failure) {
                throw translated(failure);
            }
            throw e;
        }
    }

    private static RuntimeException translated(CoordException failure) {
        if (failure instanceof ClientClosedException || failure instanceof CallInterruptedException) {
            return failure;
        }
        if (failure instanceof ConnectionLossException
                || failure instanceof RequestTimeoutException
                || failure instanceof SessionLostException) {
            return new UnreachableConfigException("did not answer: " + failure.getMessage());
        }
        if (failure instanceof NoAuthException || failure instanceof AuthFailedException) {
            return new UnreadableConfigException(
                    "This application may not read configuration: " + failure.getMessage() + ".",
                    "Let its identity ('coord.auth') read the znode and list its children, or correct the identity.");
        }
        return new UnreadableConfigException(
                "Configuration cannot be read: " + failure.getMessage() + ".",
                "Look at the znode with the shell; configuration is meant to be small.");
    }
}
