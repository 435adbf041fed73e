package io.coord.spring.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.server.EmbeddedServer;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Where the lock stands among other advice: outside of transactions, inside of asynchronous calls. */
@ExtendWith(OutputCaptureExtension.class)
class LockAdviceOrderTest {

    private static EmbeddedServer server;

    private ApplicationContextRunner runner;

    @BeforeAll
    static void startServer() {
        server = EmbeddedServer.builder().port(0).start();
    }

    @AfterAll
    static void closeServer() {
        server.close();
    }

    @BeforeEach
    void application() {
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AopAutoConfiguration.class, CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=" + server.connectString());
    }

    @Test
    void transactionCommitsBeforeTheLockIsReleased(CapturedOutput output) {
        runner.withUserConfiguration(DefaultTransactions.class, Accounts.class).run(context -> {
            Accounts accounts = context.getBean(Accounts.class);
            accounts.pay();
            assertThat(context.getBean(RecordingTransactions.class).events)
                    .containsExactly("begin under 1 lock", "commit under 1 lock");
            assertThat(output).doesNotContain("coord.lock.order");
        });
    }

    @Test
    void warnsWhenTransactionsAreOrderedBeforeLocks(CapturedOutput output) {
        runner.withUserConfiguration(EarlyTransactions.class, Accounts.class).run(context -> {
            assertThat(output).contains("Transactions (order 100) begin before the locks", "coord.lock.order");
            context.getBean(Accounts.class).pay();
            assertThat(context.getBean(RecordingTransactions.class).events)
                    .containsExactly("begin under 0 lock", "commit under 0 lock");
        });
    }

    @Test
    void orderOfLocksIsConfigurable() {
        runner.withUserConfiguration(EarlyTransactions.class, Accounts.class)
                .withPropertyValues("coord.lock.order=50")
                .run(context -> {
                    context.getBean(Accounts.class).pay();
                    assertThat(context.getBean(RecordingTransactions.class).events)
                            .containsExactly("begin under 1 lock", "commit under 1 lock");
                });
    }

    @Test
    void warnsOnceWhenALockIsTakenInsideATransaction(CapturedOutput output) {
        runner.withUserConfiguration(DefaultTransactions.class, Accounts.class, Bank.class)
                .run(context -> {
                    context.getBean(Bank.class).payTwiceInOneTransaction();
                    assertThat(output.getOut().lines().filter(line -> line.contains("inside a transaction")))
                            .singleElement()
                            .asString()
                            .contains("Accounts.pay", "/coord/locks/accounts");
                });
    }

    @Test
    void asynchronousMethodTakesTheLockOnItsOwnThread() {
        runner.withUserConfiguration(AsyncConfiguration.class, Jobs.class).run(context -> {
            Run run = context.getBean(Jobs.class).run().get(20, TimeUnit.SECONDS);
            assertThat(run.thread()).isNotEqualTo(Thread.currentThread().getName());
            assertThat(run.locked()).isTrue();
        });
    }

    @Test
    void worksWithoutSpringTransactions() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run(context -> assertThat(context)
                        .hasSingleBean(LockAdvisor.class)
                        .doesNotHaveBean("lockBeforeTransactionCheck"));
    }

    @Test
    void worksWithoutBootsProxies() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CoordAutoConfiguration.class, CoordRecipesAutoConfiguration.class))
                .withPropertyValues("coord.connect-string=" + server.connectString())
                .withUserConfiguration(StockConfiguration.class)
                .run(context -> context.getBean(StockConfiguration.Stock.class)
                        .read(() -> assertThat(Leases.current()).isPresent()));
    }

    @Test
    void wrongAnnotationStopsTheStart() {
        runner.withBean(Nameless.class).run(context -> {
            assertThat(context).hasFailed();
            assertThat(io.coord.spring.autoconfigure.FailureText.of(context.getStartupFailure()))
                    .contains("Nameless.run", "it names no lock", "Action: Name the lock");
        });
    }

    static class Nameless {
        @WriteLock
        void run() {}
    }

    static class Accounts {
        @Transactional
        @WriteLock("accounts")
        void pay() {}
    }

    static class Bank {

        private final Accounts accounts;

        Bank(Accounts accounts) {
            this.accounts = accounts;
        }

        @Transactional
        void payTwiceInOneTransaction() {
            accounts.pay();
            accounts.pay();
        }
    }

    record Run(String thread, boolean locked) {}

    static class Jobs {

        @Async
        @WriteLock("jobs")
        CompletableFuture<Run> run() {
            return CompletableFuture.completedFuture(
                    new Run(Thread.currentThread().getName(), Leases.current().isPresent()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class AsyncConfiguration {}

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class DefaultTransactions {
        @Bean
        RecordingTransactions transactions(CoordClient client) {
            return new RecordingTransactions(client);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement(order = 100)
    static class EarlyTransactions {
        @Bean
        RecordingTransactions transactions(CoordClient client) {
            return new RecordingTransactions(client);
        }
    }

    /** Notes how many locks are held when a transaction begins and commits. */
    static class RecordingTransactions extends AbstractPlatformTransactionManager {

        final transient List<String> events = new CopyOnWriteArrayList<>();
        private final transient CoordClient client;

        RecordingTransactions(CoordClient client) {
            this.client = client;
        }

        private void note(String event) {
            int locks = client.checkExists().forPath("/coord/locks/accounts") == null
                    ? 0
                    : client.getChildren().forPath("/coord/locks/accounts").size();
            events.add(event + " under " + locks + " lock");
        }

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            note("begin");
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            note("commit");
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            note("rollback");
        }
    }
}
