package io.coord.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Tests what an application does with Coord, and nothing else of it: client, locks, roles, listeners and discovery are configured, on a
 * server that is there for the test. {@link CoordFaults} can be injected and do to that server, and to the way there, what happens in
 * production.
 *
 * <pre>{@code
 * @CoordTest
 * @Import(Stock.class)
 * class StockTest {
 *
 *     @Test
 *     void aLostLockInterruptsTheSale(@Autowired Stock stock, @Autowired CoordFaults faults) {
 *         …
 *         faults.expireSession();
 *     }
 * }
 * }</pre>
 *
 * <p>Of the components that would be scanned only {@code CoordClientCustomizer}s, {@code ServiceInstanceCustomizer}s and {@code ValueCodec}s are
 * there; {@code @Import} brings others. Tests of the whole application use {@code @SpringBootTest} with {@link AutoConfigureCoord}.
 *
 * <p>Contexts are kept for further tests, as those of all slices, and so is what the server holds. Faults are healed after each test.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(CoordTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(CoordTypeExcludeFilter.class)
@AutoConfigureCoord
@ImportAutoConfiguration
public @interface CoordTest {

    /** Properties in the form {@code key=value}. */
    String[] properties() default {};

    /** Which server. */
    @AliasFor(annotation = AutoConfigureCoord.class)
    CoordTestServer server() default CoordTestServer.PER_CONTEXT;

    /** Whether scanned components are left out as said above. */
    boolean useDefaultFilters() default true;

    /** Scanned components to take besides. */
    Filter[] includeFilters() default {};

    /** Scanned components to leave out. */
    Filter[] excludeFilters() default {};

    /** Auto-configurations to leave out. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
