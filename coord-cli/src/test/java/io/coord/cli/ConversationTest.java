package io.coord.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.coord.cli.fixture.PseudoTerminal;
import io.coord.client.CoordClient;
import io.coord.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** At a real pseudo-terminal, in a process of its own. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConversationTest {
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String CTRL_P = "\u0010";

    @TempDir
    Path home;

    @Test
    void completesCommandsAndPathsAndKeepsItsHistory() throws Exception {
        try (TestServer server = TestServer.inMemory()) {
            CoordClient client = server.newClient();
            client.create().creatingParentsIfNeeded().forPath("/configuration/greeting", "hello".getBytes(UTF_8));
            try (PseudoTerminal terminal = new PseudoTerminal(home, Map.of(), "-s", server.connectString())) {
                terminal.awaits("[coord: " + server.connectString());
                terminal.awaitsPrompt("(CONNECTED) 0]");
                terminal.press("getAllC\t");
                terminal.awaits("getAllChildrenNumber");
                terminal.press("/conf\t");
                terminal.awaits("/configuration");
                terminal.line("");
                terminal.awaits("\n1\n");
                terminal.awaitsPrompt("(CONNECTED) 1]");
                terminal.press("get /configuration/gr\t");
                terminal.awaits("/configuration/greeting");
                terminal.line("");
                terminal.awaits("hello");
                terminal.awaitsPrompt("(CONNECTED) 2]");
                terminal.line("addauth digest ann:secret");
                terminal.awaitsPrompt("(CONNECTED) 3]");
                terminal.line("redo 1");
                terminal.awaits("hello");
                terminal.awaitsPrompt("(CONNECTED) 4]");
                terminal.line("get /configuration/greeting");
                terminal.awaits("hello");
                terminal.awaitsPrompt("(CONNECTED) 5]");
                terminal.press(CTRL_D);
                assertThat(terminal.awaitEnd()).isZero();
                assertThat(terminal.raw()).as("a connection is shown in green").contains("\u001b[32m");
            }
            assertThat(history()).contains("get /configuration/greeting").doesNotContain("secret");
            Map<String, String> plain = Map.of("NO_COLOR", "1");
            try (PseudoTerminal terminal = new PseudoTerminal(home, plain, "-s", server.connectString())) {
                terminal.awaitsPrompt("(CONNECTED) 0]");
                terminal.press(CTRL_P);
                terminal.awaits("get /configuration/greeting");
                terminal.line("");
                terminal.awaits("hello");
                terminal.line("quit");
                assertThat(terminal.awaitEnd()).isZero();
                assertThat(terminal.raw()).doesNotContain("\u001b[32m");
            }
        }
    }

    private String history() throws IOException {
        return Files.readString(home.resolve(".coord_cli_history"));
    }

    @Test
    void controlCStopsTheCommandAndNotTheShell() throws Exception {
        try (TestServer server = TestServer.inMemory();
                PseudoTerminal terminal = new PseudoTerminal(home, Map.of(), "-s", server.connectString())) {
            terminal.awaitsPrompt("(CONNECTED) 0]");
            terminal.line("watch -f /");
            terminal.awaits("Watching /");
            server.newClient().create().forPath("/seen");
            terminal.awaits("\"NODE_CREATED\",\"path\":\"/seen\"");
            terminal.press(CTRL_C);
            terminal.awaits("Interrupted");
            terminal.awaitsPrompt("(CONNECTED) 1]");
            terminal.press("half a line" + CTRL_C);
            terminal.awaitsPrompt("(CONNECTED) 1]");
            terminal.line("ls /");
            terminal.awaits("[seen, zookeeper]");
            terminal.line("get -w /seen");
            terminal.awaitsPrompt("(CONNECTED) 3]");
            server.newClient().setData().forPath("/seen", new byte[1]);
            terminal.awaits("type:NodeDataChanged path:/seen");
            terminal.line("quit");
            assertThat(terminal.awaitEnd()).isZero();
        }
    }

    @Test
    void asksBeforeItDeletesATree() throws Exception {
        try (TestServer server = TestServer.inMemory();
                PseudoTerminal terminal = new PseudoTerminal(home, Map.of(), "-s", server.connectString())) {
            CoordClient client = server.newClient();
            client.create().creatingParentsIfNeeded().forPath("/tree/below");
            terminal.awaitsPrompt("(CONNECTED) 0]");
            terminal.line("deleteall /tree");
            terminal.awaits("Delete /tree and 1 znodes below it? [y/N]");
            terminal.line("n");
            terminal.awaits("Not done");
            assertThat(client.checkExists().forPath("/tree/below")).isNotNull();
            terminal.line("deleteall /tree");
            terminal.awaits("[y/N]");
            terminal.line("y");
            terminal.awaitsPrompt("(CONNECTED) 2]");
            assertThat(client.checkExists().forPath("/tree")).isNull();
            terminal.line("quit");
            assertThat(terminal.awaitEnd()).isZero();
        }
    }

    @Test
    void thePromptShowsALostConnectionAndItsReturn() throws Exception {
        try (TestServer server = TestServer.inMemory();
                PseudoTerminal terminal = new PseudoTerminal(home, Map.of(), "-s", server.connectString())) {
            terminal.awaitsPrompt("(CONNECTED) 0]");
            server.stop();
            terminal.awaits("SUSPENDED");
            server.start();
            terminal.awaits("The session is over, and with it its ephemerals");
            terminal.awaits("CONNECTED");
            terminal.awaitsPrompt("(CONNECTED) 0]");
            terminal.line("ls /");
            terminal.awaits("[zookeeper]");
            terminal.line("close");
            terminal.awaitsPrompt("(CLOSED) 2]");
            terminal.line("ls /");
            terminal.awaits("Not connected");
            terminal.line("connect " + server.connectString());
            terminal.awaitsPrompt("(CONNECTED) 4]");
            terminal.line("quit");
            assertThat(terminal.awaitEnd()).isZero();
        }
    }
}
