package io.coord.spring.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import io.coord.spring.autoconfigure.embedded.CoordEmbeddedServerAutoConfiguration;
import io.coord.spring.autoconfigure.health.CoordHealthContributorAutoConfiguration;
import io.coord.spring.autoconfigure.metrics.CoordMetricsAutoConfiguration;
import io.coord.spring.autoconfigure.recipes.CoordRecipesAutoConfiguration;
import io.coord.spring.discovery.InstanceDetails;
import io.coord.spring.discovery.ServiceListener;
import io.coord.spring.leader.OnLeader;
import io.coord.spring.lock.WriteLock;
import io.coord.spring.watch.NodeChange;
import io.coord.spring.watch.NodeListener;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** What is found out about an application when it is built for a native image. No image is built here. */
class NativeImageHintsTest {

    private static RuntimeHints hints;

    @BeforeAll
    static void processAheadOfTime() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of("coord.clients.audit.connect-string=127.0.0.1:1")
                    .applyTo(context);
            context.register(
                    Till.class,
                    CoordEmbeddedServerAutoConfiguration.class,
                    CoordAutoConfiguration.class,
                    CoordRecipesAutoConfiguration.class,
                    CoordMetricsAutoConfiguration.class,
                    CoordHealthContributorAutoConfiguration.class);
            DefaultGenerationContext generation = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get("io.coord.example", "Application")),
                    new InMemoryGeneratedFiles());
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            hints = generation.getRuntimeHints();
        }
    }

    @Test
    void methodsWithLocksAndTheirFallbacksAreKept() {
        assertThat(reflection().onMethodInvocation(Till.class, "pay")).accepts(hints);
        assertThat(reflection().onMethodInvocation(Till.class, "instead")).accepts(hints);
    }

    @Test
    void methodsThatListenAndWhatTheyTakeAreKept() {
        assertThat(reflection().onMethodInvocation(Till.class, "onPrices")).accepts(hints);
        assertThat(reflection().onMethodInvocation(Till.class, "onService")).accepts(hints);
        assertThat(reflection().onMethodInvocation(Till.class, "lead")).accepts(hints);
        assertThat(reflection().onConstructorInvocation(Prices.class.getDeclaredConstructors()[0]))
                .accepts(hints);
    }

    @Test
    void whatKeysReadIsKept() {
        assertThat(reflection().onMethodInvocation(Bill.class, "number")).accepts(hints);
    }

    @Test
    void thePayloadOfRegistrationsIsKept() {
        assertThat(reflection().onMethodInvocation(InstanceDetails.class, "metadata"))
                .accepts(hints);
        assertThat(reflection().onConstructorInvocation(InstanceDetails.class.getDeclaredConstructors()[0]))
                .accepts(hints);
    }

    @Test
    void propertiesAreKept() {
        assertThat(reflection().onConstructorInvocation(CoordProperties.class.getDeclaredConstructors()[0]))
                .accepts(hints);
        assertThat(reflection()
                        .onConstructorInvocation(CoordProperties.Lock.class.getDeclaredConstructors()[0]))
                .accepts(hints);
        assertThat(reflection()
                        .onConstructorInvocation(
                                CoordProperties.ConfigRefresh.class.getDeclaredConstructors()[0]))
                .accepts(hints);
        assertThat(reflection()
                        .onConstructorInvocation(CoordProperties.Client.class.getDeclaredConstructors()[0]))
                .accepts(hints);
        assertThat(reflection()
                        .onConstructorInvocation(CoordProperties.Auth.class.getDeclaredConstructors()[0]))
                .accepts(hints);
        // Declared methods include public ones; the predicate for one method wants another category for these.
        assertThat(reflection()
                        .onType(CoordProperties.Server.class)
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_METHODS))
                .accepts(hints);
    }

    record Bill(String number) {}

    record Prices(int tea) {}

    static class Till {

        @WriteLock(name = "till", key = "#bill.number", fallback = "instead")
        public String pay(Bill bill) {
            return bill.number();
        }

        @NodeListener("/prices")
        void onPrices(NodeChange<Prices> change) {}

        @ServiceListener("payment")
        void onService() {}

        @OnLeader("till")
        void lead() {}

        public String instead(Bill bill) {
            return "later: " + bill.number();
        }
    }
}
