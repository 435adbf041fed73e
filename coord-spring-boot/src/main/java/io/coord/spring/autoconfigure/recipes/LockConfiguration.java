package io.coord.spring.autoconfigure.recipes;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.CoordProperties;
import io.coord.spring.discovery.InstanceId;
import io.coord.spring.lock.LockAdvisor;
import io.coord.spring.lock.LockObserver;
import io.coord.spring.lock.LockSettings;
import io.coord.spring.lock.LockTemplate;
import io.coord.spring.lock.NamedLocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor;
import org.springframework.util.function.SingletonSupplier;

/** Locks by name, and the advice that takes them around annotated methods. */
@Configuration(proxyBeanMethods = false)
@Import(LockConfiguration.AutoProxyCreator.class)
class LockConfiguration {

    /** Right before the clients, which stop at one less: whatever may hold locks has stopped then. */
    private static final int CALLS_PHASE = Integer.MIN_VALUE + 1001;

    @Bean
    @ConditionalOnMissingBean
    NamedLocks namedLocks(CoordClient client, CoordProperties properties, InstanceId instance) {
        return new NamedLocks(client, properties.lock().root(), instance.value());
    }

    /** Made before most beans, so it asks for them late and takes its settings from the environment. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockAdvisor lockAdvisor(
            Environment environment,
            BeanFactory beans,
            ObjectProvider<NamedLocks> locks,
            ObjectProvider<LockObserver> observers,
            ApplicationEventPublisher events) {
        CoordProperties.Lock properties =
                Binder.get(environment).bindOrCreate("coord.lock", CoordProperties.Lock.class);
        return new LockAdvisor(
                settings(properties),
                environment::resolveRequiredPlaceholders,
                new BeanFactoryResolver(beans),
                SingletonSupplier.of(locks::getObject),
                SingletonSupplier.of(
                        () -> LockObserver.of(observers.orderedStream().toList())),
                events::publishEvent);
    }

    @Bean
    @ConditionalOnMissingBean
    LockTemplate lockTemplate(NamedLocks locks, CoordProperties properties, LockAdvisor advisor) {
        return new LockTemplate(locks, settings(properties.lock()), advisor);
    }

    @Bean
    ReadyLifecycle lockCallsLifecycle(LockAdvisor advisor, ApplicationContext context, CoordProperties properties) {
        return new ReadyLifecycle(
                context, CALLS_PHASE, advisor::start, () -> advisor.stop(properties.requestTimeout()));
    }

    private static LockSettings settings(CoordProperties.Lock properties) {
        return new LockSettings(
                properties.waitTime(),
                properties.onFailure(),
                properties.onLost(),
                properties.holdWarning(),
                properties.order());
    }

    /** Boot registers one as well, unless {@code spring.aop.auto} is off. */
    static final class AutoProxyCreator implements ImportBeanDefinitionRegistrar {

        @Override
        public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
            AopConfigUtils.registerAutoProxyCreatorIfNecessary(registry);
        }
    }

    /** A lock that is released before the transaction commits shows the next holder what was there before. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(BeanFactoryTransactionAttributeSourceAdvisor.class)
    static class TransactionOrderConfiguration {

        private static final Logger logger = LoggerFactory.getLogger(TransactionOrderConfiguration.class);

        @Bean
        SmartInitializingSingleton lockBeforeTransactionCheck(
                LockAdvisor locks, ObjectProvider<BeanFactoryTransactionAttributeSourceAdvisor> transactions) {
            return () -> transactions.forEach(transaction -> {
                if (locks.isInUse() && transaction.getOrder() <= locks.getOrder()) {
                    logger.warn(
                            "Transactions (order {}) begin before the locks of methods (order {}) and commit"
                                    + " after their release. Set 'coord.lock.order' to a lower number.",
                            transaction.getOrder(),
                            locks.getOrder());
                }
            });
        }
    }
}
